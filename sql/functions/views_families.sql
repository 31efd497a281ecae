-- Whoever pays, as the desk lists them.

create or replace view teamdues.families as
select r.parent_id as family_id, r.name, r.email, r.phone
from teamdues.parents r
union all
select -y.player_id, y.name, null, ''
from teamdues.players y
where y.parent_id is null;
comment on view teamdues.families is
	'Whoever pays, and children of whom no parent is known';
