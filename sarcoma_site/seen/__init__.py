"""What those who run the site see of it: logs, faults, figures. Never who read what."""
