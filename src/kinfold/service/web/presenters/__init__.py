"""What a page shows, made from what was read: values in, template values out. No query and no rule here."""
