/*
 * events.c - events as the text of a `!` line, both those that a vector
 * expects and those that the engine reports.
 */
#include "vector.h"

#include <stdlib.h>
#include <string.h>

/* A line of text being written; the caller frees it. */
struct writer {
	FILE *f;
	char *text;
	size_t size;
};

static void
open_writer(struct writer *w)
{
	*w = (struct writer){ 0 };
	w->f = open_memstream(&w->text, &w->size);
	if (w->f == NULL)
		abort();
}

static char *
close_writer(struct writer *w)
{
	fclose(w->f);
	return w->text;
}

static const char *
side_name(enum nvt_side side)
{
	return side == NVT_LOCAL ? "local" : "remote";
}

static void
print_name(FILE *f, const char *name, uint8_t code)
{
	if (name != NULL)
		fprintf(f, " %s", name);
	else
		fprintf(f, " %d", code);
}

static void
print_option(FILE *f, uint8_t option)
{
	print_name(f, nvt_option_name(option), option);
}

/* The canonical text of what the verb and its words say. */
static char *
say(const char *verb, const char *signature, const struct args *a)
{
	struct writer w;

	open_writer(&w);
	fputs(verb, w.f);
	for (; *signature != '\0'; signature++) {
		if (*signature == 's')
			fprintf(w.f, " %s", side_name(a->side));
		if (*signature == 'o' || (*signature == 'O' && a->has_option))
			print_option(w.f, a->option);
		if (*signature == 'c')
			print_name(
			    w.f, nvt_command_name(a->command), a->command);
		if (*signature == 'f')
			fputs(a->on ? " yes" : " no", w.f);
		if (*signature == 'n')
			fprintf(w.f, " %zu", a->number);
		if (*signature == 'w')
			fprintf(w.f, " %s", a->words[0]);
		if (*signature == 'b') {
			fputc(' ', w.f);
			print_hex(w.f, a->bytes.data, a->bytes.len);
		}
	}
	return close_writer(&w);
}

/* What a `!` line can begin with. */
static const struct {
	const char *verb;
	const char *signature;
} forms[] = {
	{ "text", "b" },
	{ "command", "c" },
	{ "on", "so" },
	{ "off", "so" },
	{ "refused", "so" },
	{ "request", "so" },
	{ "timing-mark", "f" },
	{ "sb", "ob" },
	{ "fault", "wO" },
	{ "full", "" },
	{ "error", "w" },
	{ "taken", "n" },
	{ "dropped", "n" },
};

static const char *
signature_of(struct place *at, const char *verb)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(forms[i].verb, verb) == 0)
			return forms[i].signature;
	malformed(at, "no such event: '%s'", verb);
}

static void
check_fault(struct place *at, const char *name)
{
	int i;

	for (i = NVT_FAULT_NONE + 1; i < NVT_FAULT_COUNT; i++)
		if (strcmp(nvt_fault_name((enum nvt_fault)i), name) == 0)
			return;
	malformed(at, "no such fault: '%s'", name);
}

void
parse_event(struct place *at, struct log *out)
{
	struct args args = { 0 };
	char *verb = parse_word(at), *what;
	const char *signature = signature_of(at, verb), *detail = NULL;

	parse_args(at, signature, &args);
	if (strcmp(verb, "fault") == 0)
		check_fault(at, args.words[0]);
	if (*at->p == '=') {
		at->p++;
		skip_blanks(at);
		detail = at->p;
	}
	if (strcmp(verb, "text") == 0) {
		log_bytes(
		    out, LOG_TEXT, at->line, args.bytes.data, args.bytes.len);
	} else {
		what = say(verb, signature, &args);
		log_event(out, at->line, what, detail);
		free(what);
	}
	args_free(&args);
	free(verb);
}

static void
detail_text(FILE *f, const struct nvt_text_sub *sub)
{
	fputs(sub->verb == NVT_SUB_IS ? "IS" : "SEND", f);
	if (sub->verb == NVT_SUB_IS) {
		fputc(' ', f);
		print_string(f, (const uint8_t *)sub->text, sub->len);
	}
}

static void
detail_tspeed(FILE *f, const struct nvt_tspeed *speed)
{
	fputs(speed->verb == NVT_SUB_IS ? "IS" : "SEND", f);
	if (speed->verb == NVT_SUB_IS)
		fprintf(f, " %lu,%lu", (unsigned long)speed->transmit,
		    (unsigned long)speed->receive);
}

static void
print_unescaped(FILE *f, const uint8_t *data, size_t len)
{
	uint8_t *plain = must_realloc(NULL, len);
	size_t n = nvt_environ_unescape(data, len, plain);

	if (n > len || n != nvt_environ_unescape(data, len, NULL))
		abort();
	fputc(' ', f);
	print_string(f, plain, n);
	free(plain);
}

static void
detail_environ(FILE *f, struct nvt_environ walk)
{
	static const char *const verbs[] = { "IS", "SEND", "INFO" };
	struct nvt_environ_var var;

	fputs(verbs[walk.verb], f);
	while (nvt_environ_next(&walk, &var) == 1) {
		fputs(var.kind == NVT_ENVIRON_VAR ? " VAR" : " USERVAR", f);
		if (var.name_len > 0)
			print_unescaped(f, var.name, var.name_len);
		if (var.value == NULL)
			continue;
		fputs(" VALUE", f);
		print_unescaped(f, var.value, var.value_len);
	}
}

static void
detail_status(FILE *f, struct nvt_status walk)
{
	struct nvt_wire_item item;

	fputs(walk.verb == NVT_SUB_IS ? "IS" : "SEND", f);
	while (nvt_status_next(&walk, &item) == 1) {
		if (item.type == NVT_WIRE_SUB) {
			fputs(" SB", f);
			print_option(f, item.option);
			fputc(' ', f);
			print_hex(f, item.data, item.len);
			continue;
		}
		fputs(item.command == NVT_CMD_WILL ? " WILL" : " DO", f);
		print_option(f, item.option);
	}
}

static char *
detail_of(const struct nvt_event *ev)
{
	struct writer w;

	open_writer(&w);
	if (ev->type == NVT_EV_FAULT)
		print_hex(w.f, ev->data, ev->len);
	else if (!ev->decoded)
		fputs("raw", w.f);
	else if (ev->option == NVT_OPT_NAWS)
		fprintf(w.f, "%dx%d", ev->sub.naws.cols, ev->sub.naws.rows);
	else if (ev->option == NVT_OPT_TTYPE)
		detail_text(w.f, &ev->sub.ttype);
	else if (ev->option == NVT_OPT_XDISPLOC)
		detail_text(w.f, &ev->sub.xdisploc);
	else if (ev->option == NVT_OPT_TSPEED)
		detail_tspeed(w.f, &ev->sub.tspeed);
	else if (ev->option == NVT_OPT_NEW_ENVIRON)
		detail_environ(w.f, ev->sub.environ);
	else if (ev->option == NVT_OPT_STATUS)
		detail_status(w.f, ev->sub.status);
	else
		fputs("decoded, but by what?", w.f);
	return close_writer(&w);
}

/* A stream that ends elsewhere than in a subnegotiation names no option. */
static bool
fault_has_option(const struct nvt_event *ev)
{
	switch (ev->fault) {
	case NVT_FAULT_SUB_OVERFLOW:
	case NVT_FAULT_SUB_INTERRUPTED:
	case NVT_FAULT_SUB_MALFORMED:
	case NVT_FAULT_SUB_UNEXPECTED:
	case NVT_FAULT_LIAR:
		return true;
	case NVT_FAULT_TRUNCATED:
		return ev->option != 0;
	default:
		return false;
	}
}

static const char *
change_verb(enum nvt_change change)
{
	if (change == NVT_CHANGE_REFUSED)
		return "refused";
	return change == NVT_CHANGE_ON ? "on" : "off";
}

static void
log_said(struct log *log, const char *verb, const char *signature,
    const struct args *args, char *detail)
{
	char *what = say(verb, signature, args);

	if (detail != NULL && *detail == '\0') {
		free(detail);
		detail = NULL;
	}
	log_event(log, 0, what, detail);
	free(what);
	free(detail);
}

static void
log_sub(struct log *log, const struct nvt_event *ev, struct args *args)
{
	bytes_add(&args->bytes, ev->data, ev->len);
	log_said(log, "sb", "ob", args, detail_of(ev));
	bytes_free(&args->bytes);
}

static void
log_fault(struct log *log, const struct nvt_event *ev, struct args *args)
{
	char name[64];

	snprintf(name, sizeof(name), "%s", nvt_fault_name(ev->fault));
	args->words[0] = name;
	args->has_option = fault_has_option(ev);
	log_said(log, "fault", "wO", args, detail_of(ev));
}

void
log_real_event(struct log *log, const struct nvt_event *ev)
{
	struct args args = { .side = ev->side,
		.option = ev->option,
		.command = ev->command,
		.on = ev->on };

	switch (ev->type) {
	case NVT_EV_NONE:
		return;
	case NVT_EV_TEXT:
		log_bytes(log, LOG_TEXT, 0, ev->data, ev->len);
		return;
	case NVT_EV_COMMAND:
		log_said(log, "command", "c", &args, NULL);
		return;
	case NVT_EV_REQUEST:
		log_said(log, "request", "so", &args, NULL);
		return;
	case NVT_EV_OPTION:
		log_said(log, change_verb(ev->change), "so", &args, NULL);
		return;
	case NVT_EV_TIMING_MARK:
		log_said(log, "timing-mark", "f", &args, NULL);
		return;
	case NVT_EV_SUB:
		log_sub(log, ev, &args);
		return;
	case NVT_EV_FAULT:
		log_fault(log, ev, &args);
		return;
	case NVT_EV_FULL:
		log_said(log, "full", "", &args, NULL);
		return;
	}
	log_event(log, 0, "an event of no known type", NULL);
}
