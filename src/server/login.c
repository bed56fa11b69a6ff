/*
 * login.c - the dialogue that asks for a name and a password.
 *
 * RFC 854, p. 11: a line may end in CR LF or CR NUL; those who type through
 * nc(1) or in BINARY send a lone LF or a lone CR.
 */
#include "server/login.h"

#include <stdio.h>
#include <string.h>

/* A byte typed makes this much output at most: all of a line erased. */
enum { OUT_OF_ONE_BYTE = 3 * LOGIN_LINE_MAX + LOGIN_HOST_MAX + 16 };

_Static_assert(
    (int)OUT_OF_ONE_BYTE < (int)LOGIN_OUT_MAX, "no room for one byte");

static void
say(struct login *l, const char *text)
{
	size_t len = strlen(text);

	if (len > sizeof(l->out) - l->out_len)
		len = sizeof(l->out) - l->out_len;
	memcpy(l->out + l->out_len, text, len);
	l->out_len += len;
}

static void
begin_line(struct login *l)
{
	l->len = 0;
	l->too_long = false;
}

static enum login_state
ask_name(struct login *l)
{
	begin_line(l);
	say(l, l->host);
	say(l, " login: ");
	return LOGIN_NAME;
}

static enum login_state
ask_password(struct login *l)
{
	begin_line(l);
	say(l, "Password: ");
	return LOGIN_PASSWORD;
}

static void
erase(struct login *l)
{
	if (l->len == 0)
		return;
	l->len--;
	if (l->state == LOGIN_NAME && l->echo)
		say(l, "\b \b");
}

static void
erase_all(struct login *l)
{
	while (l->len > 0)
		erase(l);
	l->too_long = false;
}

/* Whatever it was, what is shown has the width of one cell. */
static void
show(struct login *l, uint8_t c)
{
	char text[2] = { '?', '\0' };

	if (l->state != LOGIN_NAME || !l->echo)
		return;
	if (c >= 0x20 && c < 0x7f)
		text[0] = (char)c;
	say(l, text);
}

static void
add(struct login *l, uint8_t c)
{
	char *line = l->state == LOGIN_NAME ? l->user : l->password;

	/* NULs are padding (RFC 854), and would end the string. */
	if (c == 0)
		return;
	if (l->len == LOGIN_LINE_MAX) {
		l->too_long = true;
		return;
	}
	line[l->len++] = (char)c;
	show(l, c);
}

static enum login_state
end_line(struct login *l)
{
	char *line = l->state == LOGIN_NAME ? l->user : l->password;

	say(l, "\r\n");
	line[l->too_long ? 0 : l->len] = '\0';
	if (l->state == LOGIN_PASSWORD)
		return LOGIN_JUDGE;
	/* Enter alone is no name, and no try. */
	if (l->len == 0)
		return ask_name(l);
	return ask_password(l);
}

static enum login_state
interrupt(struct login *l)
{
	login_forget(l);
	say(l, "^C\r\n");
	return ask_name(l);
}

static enum login_state
give_up(struct login *l)
{
	/* As on a tty: only at the beginning of a line is it the end. */
	if (l->len > 0)
		return l->state;
	say(l, "\r\n");
	return LOGIN_OVER;
}

static enum login_state
step(struct login *l, uint8_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return end_line(l);
	case LOGIN_KEY_INTR:
		return interrupt(l);
	case LOGIN_KEY_EOF:
		return give_up(l);
	case LOGIN_KEY_BACKSPACE:
	case LOGIN_KEY_ERASE:
		erase(l);
		return l->state;
	case LOGIN_KEY_KILL:
		erase_all(l);
		return l->state;
	default:
		add(l, c);
		return l->state;
	}
}

static bool
takes_input(const struct login *l)
{
	return (l->state == LOGIN_NAME || l->state == LOGIN_PASSWORD) &&
	    sizeof(l->out) - l->out_len >= OUT_OF_ONE_BYTE;
}

void
login_init(struct login *l, const char *host, unsigned tries)
{
	memset(l, 0, sizeof(*l));
	snprintf(l->host, sizeof(l->host), "%s", host);
	l->tries_left = tries;
	l->echo = true;
	l->state = ask_name(l);
}

size_t
login_leftover(struct login *l, const uint8_t *in, size_t len)
{
	if (len == 0 || !l->after_cr)
		return 0;
	l->after_cr = false;
	return in[0] == '\n' || in[0] == 0 ? 1 : 0;
}

size_t
login_feed(struct login *l, const uint8_t *in, size_t len)
{
	size_t i = 0;

	while (i < len && takes_input(l)) {
		if (login_leftover(l, in + i, len - i) > 0) {
			i++;
			continue;
		}
		l->after_cr = in[i] == '\r';
		l->state = step(l, in[i++]);
	}
	return i;
}

const char *
login_user(const struct login *l)
{
	return l->user;
}

const char *
login_password(const struct login *l)
{
	return l->password;
}

void
login_forget(struct login *l)
{
	hash_forget(l->user, sizeof(l->user));
	hash_forget(l->password, sizeof(l->password));
}

void
login_refuse(struct login *l)
{
	login_forget(l);
	say(l, "Login incorrect\r\n");
	l->tries_left--;
	l->state = l->tries_left > 0 ? ask_name(l) : LOGIN_OVER;
}

size_t
login_output(struct login *l, const char **text)
{
	size_t len = l->out_len;

	*text = l->out;
	l->out_len = 0;
	return len;
}
