"""The sheets of the workbook, one a module: facts in, a page out, in the language in force."""
