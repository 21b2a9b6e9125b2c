"""
Cases of care and learning as pure values: home education, serious incidents, recommendations, corporate parenting.

Nothing here is stored. A case is worked out from facts and a day: `home_education_cases`, `incident_cases`,
`learning.recommendation`, `corporate_parenting.body_year`. Time limits are handed in as a function (`Due`), because
they belong to the duty catalogue, which stands above this room.
"""
