"""A file per step, the walk, the layout, the exam."""
