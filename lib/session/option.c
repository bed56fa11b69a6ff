/*
 * option.c - the callbacks: who decides, and who is told.
 */
#include "session/session.h"

void
nvt_session_on_option(struct nvt_session *s, nvt_option_fn *fn, void *arg)
{
	s->on_option = fn;
	s->option_arg = arg;
	nvt_telnet_set_decide(s->telnet, fn != NULL);
}

void
nvt_session_on_event(struct nvt_session *s, nvt_event_fn *fn, void *arg)
{
	s->on_event = fn;
	s->event_arg = arg;
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
