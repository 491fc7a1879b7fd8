// PostgreSQL's client library; pkg-config tells where its header lies.
#include <libpq-fe.h>
