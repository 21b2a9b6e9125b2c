"""The views, a file for each group of pages. Each is thin: reads or one action, then a template."""
