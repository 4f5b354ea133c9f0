"""The figures of a period counted a second time, from the file alone, by the words of docs/month.md."""
