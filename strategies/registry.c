/* registry.c - the table of all strategies, made from list.def. */
#include "strategies/strategy.h"

#define STRATEGY(x) extern const struct strategy strategy_##x;
#include "strategies/list.def"
#undef STRATEGY

const struct strategy *const strategies[] = {
#define STRATEGY(x) &strategy_##x,
#include "strategies/list.def"
#undef STRATEGY
    NULL,
};
