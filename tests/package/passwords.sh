#!/bin/bash
# passwords.sh CLUB: its programs' logins have passwords from now on.
set -eu
club=$1
folder=/etc/teamdues/$club
hba=$(runuser -u postgres -- psql -tAc 'show hba_file')
umask 077
cd /
sed -i "0,/^local  *all  *all/s//local teamdues_$club all scram-sha-256\n&/" "$hba"
for level in webhook checkout public admin mailer desk clerk operator; do
	password=$(openssl rand -hex 24)
	runuser -u postgres -- psql -q -c "alter role teamdues_${club}_$level
		password '$password'"
	echo "postgresql://teamdues_${club}_$level:$password@/teamdues_$club" \
		>"$folder/credentials/DATABASE_URL-$level"
done
sed -i 's/^DATABASE_URL=/OWNER_&/' "$folder/teamdues.conf"
runuser -u postgres -- psql -q -c 'select pg_reload_conf()' >/dev/null
systemctl start "teamdues-migrate@$club"
