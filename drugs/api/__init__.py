"""The public pages as read-only JSON for programs, under `/api/v1/`. Like every public view it reads PublishedSite only."""
