/* timed.h - tests of one strategy, which is the state, with a supply that has times. */
#ifndef TESTS_CONTRACT_TIMED_H
#define TESTS_CONTRACT_TIMED_H

void test_keeps_the_schedule(void **state);
void test_uses_places_again(void **state);
void test_ends_when_its_time_is_over(void **state);
void test_fetches_for_a_time(void **state);

#endif
