/*
 * option.c - the callback that stands in for the policies.
 *
 * While it is set every policy is NVT_DECIDE, so that each request comes to
 * it; the policies themselves are kept here, and come back with NULL.
 */
#include "session/session.h"

#include <stdlib.h>

static const enum nvt_side sides[] = { NVT_LOCAL, NVT_REMOTE };

enum { SIDES = sizeof(sides) / sizeof(sides[0]) };

static uint8_t *
kept(const struct nvt_session *s, enum nvt_side side, unsigned option)
{
	return &s->policies[(side == NVT_LOCAL ? 0 : NVT_OPT_COUNT) + option];
}

static int
stand_in(struct nvt_session *s)
{
	unsigned i, option;

	s->policies = malloc((size_t)SIDES * NVT_OPT_COUNT);
	if (s->policies == NULL)
		return NVT_ERR_NOMEM;
	for (i = 0; i < SIDES; i++)
		for (option = 0; option < NVT_OPT_COUNT; option++) {
			*kept(s, sides[i], option) = (uint8_t)nvt_telnet_policy(
			    s->telnet, sides[i], (uint8_t)option);
			nvt_telnet_set_policy(
			    s->telnet, sides[i], (uint8_t)option, NVT_DECIDE);
		}
	return 0;
}

static void
stand_down(struct nvt_session *s)
{
	unsigned i, option;

	for (i = 0; i < SIDES; i++)
		for (option = 0; option < NVT_OPT_COUNT; option++)
			nvt_telnet_set_policy(s->telnet, sides[i],
			    (uint8_t)option,
			    (enum nvt_policy) * kept(s, sides[i], option));
	free(s->policies);
	s->policies = NULL;
}

int
nvt_session_on_option(struct nvt_session *s, nvt_option_fn *fn, void *arg)
{
	int err = 0;

	if (fn != NULL && s->policies == NULL)
		err = stand_in(s);
	if (fn == NULL && s->policies != NULL)
		stand_down(s);
	if (err != 0)
		return err;
	s->on_option = fn;
	s->option_arg = arg;
	return 0;
}

void
nvt_session_on_event(struct nvt_session *s, nvt_event_fn *fn, void *arg)
{
	s->on_event = fn;
	s->event_arg = arg;
}

int
nvt__option_start(struct nvt_session *s)
{
	unsigned i, option;
	int err = 0;

	if (s->policies == NULL)
		return nvt_telnet_start(s->telnet);
	for (i = 0; i < SIDES; i++)
		for (option = 0; err == 0 && option < NVT_OPT_COUNT; option++)
			if (*kept(s, sides[i], option) == NVT_ASK)
				err = nvt_telnet_request(
				    s->telnet, sides[i], (uint8_t)option, true);
	return err;
}

void
nvt__option_answer(struct nvt_session *s, const struct nvt_event *ev)
{
	unsigned epoch = s->epoch;
	bool agree;

	if (s->on_option == NULL)
		return;
	s->calling++;
	s->deciding = true;
	agree = s->on_option(s, ev->side, ev->option, s->option_arg);
	s->deciding = false;
	s->calling--;
	if (s->epoch == epoch)
		(void)nvt_telnet_answer(s->telnet, agree);
}
