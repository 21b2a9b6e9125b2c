"""Money: the published outturn of what councils spend on children, and a sum shared among authorities by need."""
