/*
 * ask.c - the verbs of `$` lines: what a program asks of the engine.
 */
#include "vector.h"

#include <stdlib.h>
#include <string.h>

struct verb {
	const char *name;
	const char *signature;
	bool configures; /* must come before the engine is used */
	void (*run)(struct player *p, const struct args *a);
};

/* A failure is part of what happens: `! error FULL`. */
static void
note(struct player *p, int error)
{
	const char *name = nvt_error_name(error), *prefix = "NVT_ERR_";
	char what[64];

	if (error >= 0)
		return;
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		name += strlen(prefix);
	snprintf(what, sizeof(what), "error %s", name);
	log_event(&p->log, 0, what, NULL);
}

static void
note_number(struct player *p, const char *noun, size_t number)
{
	char what[64];

	snprintf(what, sizeof(what), "%s %zu", noun, number);
	log_event(&p->log, 0, what, NULL);
}

static void
ask_role(struct player *p, const struct args *a)
{
	if (strcmp(a->words[0], "server") == 0)
		p->config.role = NVT_SERVER;
	else if (strcmp(a->words[0], "client") == 0)
		p->config.role = NVT_CLIENT;
	else
		player_fail(p, "no such role: %s", a->words[0]);
	player_begin(p);
}

static void
ask_limit(struct player *p, const struct args *a)
{
	if (strcmp(a->words[0], "sub") == 0)
		p->config.sub_limit = a->number;
	else if (strcmp(a->words[0], "out") == 0)
		p->config.out_limit = a->number;
	else
		player_fail(p, "no such limit: %s", a->words[0]);
	player_begin(p);
}

static void
ask_refuse(struct player *p, const struct args *a)
{
	nvt_telnet_set_policy(p->t, a->side, a->option, NVT_REFUSE);
}

static void
ask_accept(struct player *p, const struct args *a)
{
	nvt_telnet_set_policy(p->t, a->side, a->option, NVT_ACCEPT);
}

static void
ask_ask(struct player *p, const struct args *a)
{
	nvt_telnet_set_policy(p->t, a->side, a->option, NVT_ASK);
}

static void
ask_decide(struct player *p, const struct args *a)
{
	nvt_telnet_set_policy(p->t, a->side, a->option, NVT_DECIDE);
}

static void
ask_usual(struct player *p, const struct args *a)
{
	(void)a;
	nvt_telnet_set_usual(p->t);
}

static void
ask_start(struct player *p, const struct args *a)
{
	(void)a;
	note(p, nvt_telnet_start(p->t));
}

static void
ask_reset(struct player *p, const struct args *a)
{
	(void)a;
	nvt_telnet_reset(p->t);
}

static void
ask_request(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_request(p->t, a->side, a->option, a->on));
}

/* What NVT_EV_REQUEST is answered from now on; "none": nothing is said. */
static void
ask_answer(struct player *p, const struct args *a)
{
	if (strcmp(a->words[0], "yes") == 0)
		p->answer = ANSWER_YES;
	else if (strcmp(a->words[0], "no") == 0)
		p->answer = ANSWER_NO;
	else if (strcmp(a->words[0], "none") == 0)
		p->answer = ANSWER_NONE;
	else if (strcmp(a->words[0], "now") == 0)
		note(p, nvt_telnet_answer(p->t, true));
	else
		player_fail(p, "no such answer: %s", a->words[0]);
}

static void
ask_send(struct player *p, const struct args *a)
{
	size_t taken = SIZE_MAX;
	int error =
	    nvt_telnet_send_text(p->t, a->bytes.data, a->bytes.len, &taken);

	note(p, error);
	if (error == 0 && taken != a->bytes.len)
		note_number(p, "taken", taken);
}

static void
ask_command(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_send_command(p->t, a->command));
}

static void
ask_sb(struct player *p, const struct args *a)
{
	note(p,
	    nvt_telnet_send_sub(p->t, a->option, a->bytes.data, a->bytes.len));
}

static void
ask_raw(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_send_raw(p->t, a->bytes.data, a->bytes.len));
}

static void
ask_ttype(struct player *p, const struct args *a)
{
	const char *names[ARGS_MAX + 1] = { NULL };

	if (a->n_words > 0)
		memcpy(names, a->words, a->n_words * sizeof(*names));
	note(p, nvt_telnet_set_ttype(p->t, a->n_words > 0 ? names : NULL));
}

static const char *
first_word(const struct args *a)
{
	return a->n_words > 0 ? a->words[0] : NULL;
}

static void
ask_naws(struct player *p, const struct args *a)
{
	struct nvt_naws naws;

	if (a->n_words == 0) {
		note(p, nvt_telnet_set_naws(p->t, NULL));
		return;
	}
	if (!parse_window(a->words[0], &naws)) {
		player_fail(p, "not a window: %s", a->words[0]);
		return;
	}
	note(p, nvt_telnet_set_naws(p->t, &naws));
}

static void
ask_tspeed(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_set_tspeed(p->t, first_word(a)));
}

static void
ask_xdisploc(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_set_xdisploc(p->t, first_word(a)));
}

static void
ask_environ(struct player *p, const struct args *a)
{
	if (a->n_words < 1 || a->n_words > 2) {
		player_fail(p, "environ needs a name and perhaps a value");
		return;
	}
	note(
	    p, nvt_telnet_set_environ(p->t, a->kind, a->words[0], a->words[1]));
}

static void
ask_want(struct player *p, const struct args *a)
{
	note(p, nvt_telnet_want_environ(p->t, a->kind, a->words[0]));
}

static void
ask_newline(struct player *p, const struct args *a)
{
	static const char *const names[] = { "crlf", "nvt", "raw" };
	static const enum nvt_newline values[] = { NVT_NEWLINE_CRLF,
		NVT_NEWLINE_NVT, NVT_NEWLINE_RAW };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(a->words[0], names[i]) == 0) {
			nvt_telnet_set_newline(p->t, values[i]);
			return;
		}
	player_fail(p, "no such newline: %s", a->words[0]);
}

static void
ask_enter(struct player *p, const struct args *a)
{
	nvt_telnet_set_enter(p->t, a->on);
}

static void
ask_urgent(struct player *p, const struct args *a)
{
	(void)a;
	nvt_telnet_urgent(p->t);
}

static void
ask_synch(struct player *p, const struct args *a)
{
	(void)a;
	note(p, nvt_telnet_send_synch(p->t));
}

static void
ask_timing_mark(struct player *p, const struct args *a)
{
	(void)a;
	note(p, nvt_telnet_send_timing_mark(p->t));
}

static void
ask_send_ttype(struct player *p, const struct args *a)
{
	(void)a;
	note(p, nvt_telnet_send_ttype(p->t));
}

static void
ask_drop(struct player *p, const struct args *a)
{
	(void)a;
	note_number(p, "dropped", nvt_telnet_drop_text(p->t));
}

static void
ask_end(struct player *p, const struct args *a)
{
	struct nvt_event ev;

	(void)a;
	nvt_telnet_end(p->t, &ev);
	log_real_event(&p->log, &ev);
}

static void
ask_trim(struct player *p, const struct args *a)
{
	(void)a;
	nvt_telnet_trim(p->t);
}

static void
ask_hold(struct player *p, const struct args *a)
{
	(void)a;
	p->hold = true;
}

/* Output goes again: all of it, or only so many bytes. */
static void
ask_drain(struct player *p, const struct args *a)
{
	(void)a;
	p->hold = false;
	player_resume(p);
}

static void
ask_sent(struct player *p, const struct args *a)
{
	player_drain(p, a->number);
}

/*
 * RFC 1143 has an option enabled in YES only.  But what the peer sends until
 * its WONT is sent with the option on, whatever we have asked meanwhile.
 */
static bool
must_be_on(enum nvt_side side, enum nvt_state state)
{
	if (state == NVT_STATE_YES)
		return true;
	return side == NVT_REMOTE &&
	    (state == NVT_STATE_WANTNO || state == NVT_STATE_WANTNO_OPPOSITE);
}

static void
ask_state(struct player *p, const struct args *a)
{
#define STATE_NAME(name) #name,
	static const char *const names[] = { NVT_STATES(STATE_NAME) };
#undef STATE_NAME
	enum nvt_state state = nvt_telnet_state(p->t, a->side, a->option);
	bool on = nvt_telnet_is_on(p->t, a->side, a->option);

	if ((int)state < 0 || state >= NVT_STATE_COUNT)
		player_fail(p, "state %d", (int)state);
	else if (strcmp(names[state], a->words[0]) != 0)
		player_fail(p, "state is %s", names[state]);
	if (on != must_be_on(a->side, state))
		player_fail(p, "is_on() contradicts state()");
}

static void
ask_policy(struct player *p, const struct args *a)
{
	static const char *const names[] = { "refuse", "accept", "ask",
		"decide" };
	enum nvt_policy is = nvt_telnet_policy(p->t, a->side, a->option);

	if ((size_t)is >= sizeof(names) / sizeof(*names))
		player_fail(p, "policy %d", (int)is);
	else if (strcmp(names[is], a->words[0]) != 0)
		player_fail(p, "policy is %s", names[is]);
}

static void
ask_unanswered(struct player *p, const struct args *a)
{
	size_t n = nvt_telnet_unanswered(p->t);

	if (n != a->number)
		player_fail(p, "%zu are unanswered", n);
}

static const struct verb verbs[] = {
	{ "role", "w", true, ask_role },
	{ "limit", "wn", true, ask_limit },
	{ "refuse", "so", false, ask_refuse },
	{ "accept", "so", false, ask_accept },
	{ "ask", "so", false, ask_ask },
	{ "decide", "so", false, ask_decide },
	{ "usual", "", false, ask_usual },
	{ "start", "", false, ask_start },
	{ "reset", "", false, ask_reset },
	{ "request", "sof", false, ask_request },
	{ "answer", "w", false, ask_answer },
	{ "send", "b", false, ask_send },
	{ "command", "c", false, ask_command },
	{ "sb", "ob", false, ask_sb },
	{ "raw", "b", false, ask_raw },
	{ "ttype", "W", false, ask_ttype },
	{ "naws", "W", false, ask_naws },
	{ "tspeed", "W", false, ask_tspeed },
	{ "xdisploc", "W", false, ask_xdisploc },
	{ "environ", "kW", false, ask_environ },
	{ "want", "kw", false, ask_want },
	{ "newline", "w", false, ask_newline },
	{ "enter", "f", false, ask_enter },
	{ "urgent", "", false, ask_urgent },
	{ "synch", "", false, ask_synch },
	{ "timing-mark", "", false, ask_timing_mark },
	{ "send-ttype", "", false, ask_send_ttype },
	{ "drop", "", false, ask_drop },
	{ "end", "", false, ask_end },
	{ "trim", "", false, ask_trim },
	{ "hold", "", false, ask_hold },
	{ "drain", "", false, ask_drain },
	{ "sent", "n", false, ask_sent },
	{ "state", "sow", false, ask_state },
	{ "policy", "sow", false, ask_policy },
	{ "unanswered", "n", false, ask_unanswered },
};

void
parse_ask(struct place *at, struct ask *out)
{
	char *name = parse_word(at);
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			out->verb = &verbs[i];
	if (out->verb == NULL)
		malformed(at, "no such verb: '%s'", name);
	parse_args(at, out->verb->signature, &out->args);
	if (*at->p != '\0')
		malformed(at, "too much: '%s'", at->p);
	free(name);
}

void
run_ask(struct player *p, const struct ask *ask)
{
	if (ask->verb->configures && p->touched)
		player_fail(p, "'%s' comes too late", ask->verb->name);
	p->touched = p->touched || !ask->verb->configures;
	ask->verb->run(p, &ask->args);
}

const char *
ask_name(const struct ask *ask)
{
	return ask->verb->name;
}
