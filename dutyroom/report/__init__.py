"""The monthly workbook: rows are pure functions, one writer, one gate for every cell."""
