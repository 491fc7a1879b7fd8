// What a reminder is: values, rules, planner, composer, state machines, and the ports to the outside.
// Everything here is pure: time, ids and randomness come in as arguments.
// No database, no network, no screen texts; Foundation and the telephone number library only.
