VERSION = "1.0.dev0"
