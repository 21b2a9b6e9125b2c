"""Settings, addresses and what wraps every request."""
