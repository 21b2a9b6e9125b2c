"""The API: versions side by side, each under its own address. `urls.py` is what the service includes."""
