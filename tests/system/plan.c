#include "plan.h"
#include "stack.h"

enum { RANDOM_MAX = 20 };

static void
swap(int *a, int *b)
{
	int kept = *a;

	*a = *b;
	*b = kept;
}

/* The next in lexical order; false after the last. */
static bool
permute(int *order, int count)
{
	int i = count - 2;
	int j = count - 1;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	swap(&order[i], &order[j]);
	for (i++, j = count - 1; i < j; i++, j--)
		swap(&order[i], &order[j]);
	return true;
}

void
plan_shuffle(struct chance *chance, int *order, int count)
{
	for (int i = count - 1; i > 0; i--)
		swap(&order[i], &order[chance_below(chance, i + 1)]);
}

static void
add_step(struct chance *chance, struct plan *plan, int happening, bool is_asked)
{
	assert_true(plan->count < PLAN_STEPS_MAX);
	plan->steps[plan->count++] = (struct plan_step){
		.happening = happening, .is_asked = is_asked,
		.is_joined = chance_percent(chance, 40),
	};
}

void
plan_make(struct chance *chance, const struct history *h, const int *order,
    struct plan *plan)
{
	plan->count = 0;
	for (int i = 0; i < h->count; i++) {
		if (chance_percent(chance, 20))
			add_step(chance, plan, chance_below(chance, h->count),
			    chance_percent(chance, 40));
		add_step(chance, plan, order[i], false);
	}
}

static int
order_count(int count)
{
	int orders = 1;

	for (int i = 2; i <= count && orders <= PLANS_MAX; i++)
		orders *= i;
	return orders;
}

int
plan_make_many(struct chance *chance, const struct history *h, int limit,
    struct plan plans[PLANS_MAX])
{
	int order[HISTORY_HAPPENINGS_MAX];
	int count = 0;

	for (int i = 0; i < h->count; i++)
		order[i] = i;
	if (order_count(h->count) <= limit) {
		do
			plan_make(chance, h, order, &plans[count++]);
		while (permute(order, h->count));
		return count;
	}
	for (; count < limit && count < RANDOM_MAX; count++) {
		plan_make(chance, h, order, &plans[count]);
		plan_shuffle(chance, order, h->count);
	}
	return count;
}

void
plan_print(const struct plan *plan, const bool *absent)
{
	print_message("  told as:");
	for (int i = 0; i < plan->count; i++) {
		const struct plan_step *step = &plan->steps[i];

		if (!absent[step->happening])
			print_message("%s %d%s", step->is_joined ? "" : " |",
			    step->happening, step->is_asked ? "?" : "");
	}
	print_message("\n");
}
