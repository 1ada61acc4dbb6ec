#!/bin/sh
# What has to run every night, one after the other, each also when one before it failed. On a machine with systemd
# deploy/nightly.timer does the same.
set -u
run() { python manage.py "$@" || echo "$1 failed; the line above says why." >&2; }
while true; do
  run flag_due_reviews
  run send_reminders
  run check_reference_links --minutes 30
  run backup "var/backup-$(date -u +%Y-%m-%d).zip" --force
  find var -name 'backup-*.zip' -mtime +30 -delete
  sleep 86400
done
