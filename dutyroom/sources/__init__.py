"""One module per outside world; each turns it into Samples."""
