"""
The service: the only room that knows Django.

`records/` owns every table: actions are the only way to write, reads start from the reader.
`web/` and `api/` are thin: permission, one action or some reads, a page. `jobs/` runs what takes long.
"""
