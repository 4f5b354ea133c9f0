"""One SQLite file: tables, migrations, and one module per aggregate (model values in, model values out)."""
