"""What every app stands on: text that is safe to publish, dates as precise as they are known, rows that are versioned."""
