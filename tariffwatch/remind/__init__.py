"""Reminders: what is due to be told (plan, pure), what was told (outbox), how it is told (channels)."""
