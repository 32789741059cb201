"""Results -> what people and programs read. Nothing here prints, and nothing is worked out again."""
