"""Pure decisions over model values and a `now` that is passed in."""
