/*
 * failure.c - keeping the one error worth telling.
 */
#include "session/failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nvt/error.h>

void
nvt__failure_set(struct nvt__failure *f, bool final, int code, int system,
    const char *sentence)
{
	size_t size = strlen(sentence) + 1;

	if (f->final)
		return;
	nvt__failure_clear(f);
	f->code = code;
	f->system = system;
	f->final = final;
	/* Without memory for a sentence the code still has its words. */
	f->text = malloc(size);
	if (f->text != NULL)
		memcpy(f->text, sentence, size);
}

void
nvt__failure_clear(struct nvt__failure *f)
{
	free(f->text);
	*f = (struct nvt__failure){ 0 };
}

const char *
nvt__failure_text(const struct nvt__failure *f)
{
	if (f->code == 0)
		return "";
	return f->text != NULL ? f->text : nvt_error_text(f->code);
}

const char *
nvt__system_text(int error, char *buf, size_t size)
{
	if (strerror_r(error, buf, size) != 0)
		(void)snprintf(buf, size, "error %d", error);
	return buf;
}
