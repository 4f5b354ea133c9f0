"""What a report is made of, one theme a module: read from the store in one session, figures with the records behind."""
