"""From a Result to figures, tables, one HTML page and a folder of files.

`definitions` says what each measure is, `charts` has one figure per file, `page` the report,
`folder` writes everything. Only this package knows matplotlib and Jinja.
"""
