"""The supply of homes: the capital programme, applications to register, and those who work in homes. No Django, no clock."""
