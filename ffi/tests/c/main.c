/* Usage: the directory of the vectors, to run all tests; or `panic`, to run the
 * tests of a library that panics. */
#include "check.h"

int main(int argc, char **argv) {
  char path[ROOM];
  CHECK(argc == 2);
  CHECK(mpass_abi_version() == MPASS_ABI_VERSION);
  CHECK(mpass_number_table_version() == 4);
  CHECK(strcmp(mpass_version_string(), MPASS_VERSION_STRING) == 0);
  if (strcmp(argv[1], "panic") == 0) {
    test_panic();
    printf("passed\n");
    return 0;
  }
  test_vectors(argv[1]);
  test_states();
  test_exchange();
  test_in_store();
  test_header();
  test_services();
  test_misuse();
  snprintf(path, sizeof path, "%s/../misuse.json", argv[1]);
  test_misuses(path);
  snprintf(path, sizeof path, "%s/../tenants.json", argv[1]);
  test_administration(path);
  printf("passed\n");
  return 0;
}
