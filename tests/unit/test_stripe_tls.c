/* TLS: only a certificate of a known authority and of the right name. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "stripe_fixture.h"

static const struct scripted_line SCRIPT[] = { { 0 }, { 0 }, { 0 } };

/* A self-signed certificate for alternative ("DNS:localhost"). */
static X509 *
make_certificate(EVP_PKEY *key, const char *alternative)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL,
	    NID_subject_alt_name, alternative);

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"teamdues test", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	return certificate;
}

/* Writes the certificate to path too, where it can stand as authority. */
static SSL_CTX *
make_server_context(const char *alternative, const char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = make_certificate(key, alternative);
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return context;
}

struct stage {
	struct fixture f;
	SSL_CTX *context;
	char certificate[64];
	char none[64];
};

static void
make_path(char path[64])
{
	int fd;

	memcpy(path, "/tmp/teamdues-test-XXXXXX", 26);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

/* The system's authorities are replaced by the server's own, or by none. */
static void
stage_open(struct stage *stage, const char *alternative, bool trusted)
{
	char base[64];

	memset(stage, 0, sizeof(*stage));
	make_path(stage->certificate);
	make_path(stage->none);
	stage->context = make_server_context(alternative,
	    stage->certificate);
	setenv("SSL_CERT_FILE",
	    trusted ? stage->certificate : stage->none, 1);
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
	stage->f.server = scripted_start(SCRIPT, 3, stage->context);
	snprintf(base, sizeof(base), "https://localhost:%d",
	    scripted_port(stage->f.server));
	fixture_open_at(&stage->f, base, 4);
}

static void
stage_close(struct stage *stage)
{
	fixture_close(&stage->f);
	SSL_CTX_free(stage->context);
	unlink(stage->certificate);
	unlink(stage->none);
}

static void
known_authority_and_right_name(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "DNS:localhost", true);
	assert_int_equal(fixture_get(&stage.f, 5000), ST_OK);
	assert_int_equal(fixture_post(&stage.f, 5000), ST_OK);
	assert_int_equal(scripted_connections(stage.f.server), 1);
	stage_close(&stage);
}

static void
expect_untrusted(const char *alternative, bool trusted)
{
	struct stage stage;

	stage_open(&stage, alternative, trusted);
	assert_int_equal(fixture_post(&stage.f, 5000), ST_UPSTREAM);
	assert_int_equal(stage.f.reply.http, 0);
	assert_int_equal(scripted_requests(stage.f.server), 0);
	assert_int_equal(scripted_connections(stage.f.server), 1);
	fixture_assert_says(fixture_log(&stage.f), "error stripe_failed");
	fixture_assert_says(stage.f.err.msg,
	    "Stripe's certificate is not trusted");
	stage_close(&stage);
}

static void
unknown_authority(void **state)
{
	(void)state;
	expect_untrusted("DNS:localhost", false);
}

static void
wrong_name(void **state)
{
	(void)state;
	expect_untrusted("DNS:stripe.example", true);
}

static void
old_protocols_are_refused(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "DNS:localhost", true);
	/* Level 0, so that it is the client that refuses. */
	SSL_CTX_set_cipher_list(stage.context, "ALL:@SECLEVEL=0");
	SSL_CTX_set_min_proto_version(stage.context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(stage.context, TLS1_1_VERSION);
	assert_int_not_equal(fixture_get(&stage.f, 400), ST_OK);
	assert_int_equal(scripted_requests(stage.f.server), 0);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_authority_and_right_name),
		cmocka_unit_test(unknown_authority),
		cmocka_unit_test(wrong_name),
		cmocka_unit_test(old_protocols_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
