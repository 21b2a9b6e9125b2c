"""Companies' published accounts: tagged figures (XBRL in a page, or by itself) with their periods, and where they are kept."""
