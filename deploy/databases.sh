#!/usr/bin/env bash
# A PostgreSQL and a Redis of our own, on this machine only, each behind a password:
#   eval "$(deploy/databases.sh start [FOLDER])"    start both, wait until both answer, print where they are
#   deploy/databases.sh stop [FOLDER]               stop both; the data stays in the folder
# Ports: WHATNOW_POSTGRESQL_PORT and WHATNOW_REDIS_PORT. As root both run as the user postgres, since PostgreSQL refuses
# root. Redis holds locks and counts only: nothing of it is written to the disk.
set -euo pipefail

me=$(id -u)
case $me in 0) usual=/var/lib/whatnow-databases ;; *) usual=$(cd "$(dirname "$0")/.." && pwd)/.state/databases ;; esac
what=${1:-} folder=$(realpath -m "${2:-$usual}")
postgresql=${WHATNOW_POSTGRESQL_PORT:-5433} redis=${WHATNOW_REDIS_PORT:-6380}

say() { echo "$*" >&2; }
as_owner() { if [ "$me" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else (cd / && "$@"); fi; }

tool() { # NAME: the path of a program of PostgreSQL's
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -1)
  [ -n "$found" ] || found=$(command -v "$1") || { say "PostgreSQL was not found: apt-get install postgresql"; return 1; }
  echo "$found"
}

make_folder() { # readable by its owner only, with one password for both
  if [ -e "$folder/password" ]; then return; fi
  mkdir -p "$folder"
  if [ "$me" = 0 ]; then chown postgres: "$folder"; fi
  chmod 700 "$folder"
  (umask 077; head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$folder/password")
  if [ "$me" = 0 ]; then chown postgres: "$folder/password"; fi
}

start_postgresql() {
  local control; control=$(tool pg_ctl)
  if [ ! -e "$folder/postgresql/PG_VERSION" ]; then
    as_owner "$(tool initdb)" -D "$folder/postgresql" -U whatnow -E UTF8 --auth=scram-sha-256 \
      --pwfile="$folder/password" >/dev/null
  fi
  if ! as_owner "$control" -D "$folder/postgresql" status >/dev/null; then
    as_owner "$control" -D "$folder/postgresql" -w -l "$folder/postgresql.log" \
      -o "-p $postgresql -h 127.0.0.1 -k '$folder'" start >/dev/null || { tail -5 "$folder/postgresql.log" >&2; return 1; }
  fi
}

start_redis() {
  command -v redis-server >/dev/null || { say "Redis was not found: apt-get install redis-server"; return 1; }
  (umask 077; cat > "$folder/redis.conf") <<END
bind 127.0.0.1
port $redis
requirepass $(cat "$folder/password")
daemonize yes
save ""
appendonly no
dir $folder
pidfile $folder/redis.pid
logfile $folder/redis.log
END
  if [ "$me" = 0 ]; then chown postgres: "$folder/redis.conf"; fi
  if ! ask_redis PING >/dev/null 2>&1; then as_owner redis-server "$folder/redis.conf"; fi
  for _ in $(seq 50); do
    if [ "$(ask_redis PING 2>/dev/null)" = PONG ]; then return; fi
    sleep 0.1
  done
  say "Redis does not answer on port $redis:"; tail -5 "$folder/redis.log" >&2; return 1
}

ask_redis() { REDISCLI_AUTH=$(cat "$folder/password") redis-cli -p "$redis" "$@"; }

print_urls() {
  local at; at="whatnow:$(cat "$folder/password")@127.0.0.1:$postgresql/postgres"
  echo "export WHATNOW_TRACKER_URL=postgresql://$at"
  echo "export WHATNOW_DATABASE_URL=postgresql+psycopg://$at"
  echo "export WHATNOW_TRAINING_URL=postgresql+psycopg://$at"
  echo "export WHATNOW_REDIS_URL=redis://:$(cat "$folder/password")@127.0.0.1:$redis/0"
}

stop_both() {
  if as_owner "$(tool pg_ctl)" -D "$folder/postgresql" status >/dev/null 2>&1; then
    as_owner "$(tool pg_ctl)" -D "$folder/postgresql" -m fast -w stop >/dev/null
  fi
  redis=$(awk '$1 == "port" {print $2}' "$folder/redis.conf")
  ask_redis SHUTDOWN NOSAVE >/dev/null 2>&1 || true  # it is stopped already
}

case $what in
  start) make_folder; start_postgresql; start_redis; print_urls ;;
  stop) stop_both ;;
  *) say "Say:  deploy/databases.sh start|stop [FOLDER]"; exit 2 ;;
esac
