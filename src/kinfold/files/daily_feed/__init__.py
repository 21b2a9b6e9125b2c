"""The Department's daily feed of children's social care data: JSON, one object a child."""

from kinfold.files.daily_feed.reader import looks_like_daily_feed, open_daily_feed
from kinfold.files.recognise import Door

DOOR = Door(
    name="daily_feed",
    label="Daily feed to the Department (JSON)",
    expects="a JSON array of children, or a child a line, each with la_child_id",
    looks_like=looks_like_daily_feed,
    open=open_daily_feed,
)
