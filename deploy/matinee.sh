#!/bin/sh
# Runs a command of Matinee as the user of deploy/matinee.service, on its data and with its settings.
# Run it as root. docs/deploy.md installs it as /usr/local/bin/matinee.
set -eu
if [ -r /etc/matinee/settings.env ]; then
    set -a
    . /etc/matinee/settings.env
    set +a
fi
DISCORD_TOKEN="$(cat /etc/matinee/discord-token)"
MATINEE_DATA=/var/lib/matinee
export DISCORD_TOKEN MATINEE_DATA
cd /
exec runuser -u matinee -- /opt/matinee/bin/matinee "$@"
