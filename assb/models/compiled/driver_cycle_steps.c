/* Integration steps of driver_cycle.c: their size, their error, and where cut-offs lie within them; and
   the function that Python calls. */

/* Size of the next integration step: as wanted, but neither past the end of the step or an output, nor so
   as to leave a tiny rest before them. */
static double next_size(const Task* task, Lane* lane)
{
    const double longest = task->longest[lane->step], output = next_output(task, lane);
    const double end = task->durations[lane->step], left = (output < end ? output : end) - lane->t;
    const double size = lane->h < longest ? lane->h : longest;
    if (size >= left) return left;
    return 2.0 * size > left ? 0.5 * left : size;
}

/* The state after a step of size `high` has passed the cut-off by f_high: narrow down where. */
static void bracket(const Task* task, const Run* r, int l, Lane* lane, int cut, double high, double f_high)
{
    lane->phase = LOCATE;
    lane->cut = cut;
    lane->side = 0;
    lane->low = 0.0;
    lane->high = high;
    lane->f_low = beyond(task, r, l, cut, r->y, r->here);
    lane->f_high = f_high;
}

/* A step size at which the cut-off should be, by Illinois' method; the smallest found that is beyond once
   that is known well. */
static double next_guess(Lane* lane)
{
    const double width = lane->high - lane->low, inside = 1e-7 * width, nudge = 0.5e-6 * lane->high;
    if (++lane->narrowings > 60 || width <= 1e-6 * lane->high || lane->f_high <= 0.0) {
        lane->landed = 1;
        return lane->high;
    }
    double middle = (lane->low * lane->f_high - lane->high * lane->f_low) / (lane->f_high - lane->f_low);
    if (!(middle > lane->low + inside)) middle = lane->low + nudge;
    if (!(middle < lane->high - inside)) middle = lane->high - nudge;
    return middle > lane->low && middle < lane->high ? middle : lane->low + 0.5 * width;
}

/* Judge a step that was meant to end at a cut-off. */
static void narrow(const Task* task, Run* r, int l, Lane* lane)
{
    double f;
    const int found = first_beyond(task, r, l, r->next, r->row, &f);
    if (found >= 0 && found != lane->cut) { /* passed at a smaller step, hence earlier */
        bracket(task, r, l, lane, found, lane->size, f);
        return;
    }
    if (found < 0) f = beyond(task, r, l, lane->cut, r->next, r->row);
    if (f >= 0.0) {
        lane->high = lane->size;
        lane->f_high = f;
        if (lane->side == 1) lane->f_low *= 0.5;
        lane->side = 1;
    } else {
        lane->low = lane->size;
        lane->f_low = f;
        if (lane->side == -1) lane->f_high *= 0.5;
        lane->side = -1;
    }
}

/* Take the step that leads to `next`. */
static void accept(const Task* task, Run* r, int l, Lane* lane)
{
    lane->slope = (AT(r->row, VOLTAGE, l) - AT(r->here, VOLTAGE, l)) / lane->size;
    for (int i = 0; i < NY; ++i) AT(r->y, i, l) = AT(r->next, i, l);
    for (int j = 0; j < NOUT; ++j) AT(r->here, j, l) = AT(r->row, j, l);
    lane->t += lane->size;
    record_state(task, r, l);
    if (lane->phase == LOCATE) finish_step(task, r, l, lane->cut);
    else if (task->durations[lane->step] - lane->t <= 1e-9 * task->durations[lane->step]) finish_step(task, r, l, -1);
}

/* Judge the step of one lane by its error, in multiples of what is allowed; infinite if it broke down. */
static void judge(const Task* task, Run* r, int l, double error)
{
    Lane* lane = r->lane + l;
    double amount;
    if (lane->phase == LOCATE) {
        if (error == INFINITY) fail(task, r, lane, NOT_FINITE);
        else if (lane->landed) accept(task, r, l, lane);
        else narrow(task, r, l, lane);
        return;
    }
    if (!(error <= 1.0)) {
        const double factor = error < INFINITY ? 0.85 / cbrt(error) : 0.25;
        ++task->counts[2];
        lane->h = lane->size * (factor > 0.1 ? factor : 0.1);
        if (lane->h < 1e-9) fail(task, r, lane, TOO_SMALL);
        return;
    }
    const double factor = 0.85 / cbrt(error + 1e-6);
    ++task->counts[1];
    /* A step that was cut short does not say that a longer one would fail. */
    const double wanted = lane->size * (factor < 5.0 ? factor : 5.0);
    lane->h = wanted > lane->h || lane->size == lane->h ? wanted : lane->h;
    const int cut = first_beyond(task, r, l, r->next, r->row, &amount);
    if (cut >= 0) {
        lane->narrowings = lane->landed = 0;
        bracket(task, r, l, lane, cut, lane->size, amount);
    } else accept(task, r, l, lane);
}

/* One integration step in every lane. */
static void integrate(const Task* task, Run* r)
{
    unsigned char finite[LANES];
    for (int l = 0; l < LANES; ++l) {
        Lane* lane = r->lane + l;
        finite[l] = 1;
        lane->size = lane->phase == RUN ? next_size(task, lane) : lane->phase == LOCATE ? next_guess(lane) : 1.0;
        r->stale |= AT(r->h, 0, l) != lane->size;
        AT(r->h, 0, l) = lane->size;
    }
    if (r->stale) advance_prepare(r->y, r->p, r->u, r->h, r->kept, r->w);
    r->stale = 0;
    advance(r->y, r->p, r->u, r->h, r->kept, r->next, r->watch, r->w);
    outputs(r->next, r->p, r->u, r->row, r->w);
    check(r->next, NY, finite);
    check(r->watch, WATCHED, finite);
    check(r->row, NOUT, finite);
    for (int l = 0; l < LANES; ++l) {
        Lane* lane = r->lane + l;
        if (lane->phase == IDLE) continue;
        const double by_voltage = absolute(AT(r->watch, 0, l) - AT(r->watch, 1, l)) / task->tolerance;
        const double by_current = absolute(AT(r->watch, 2, l) - AT(r->watch, 3, l)) / task->current_tolerance;
        const double by_state = AT(r->watch, 4, l) / task->state_tolerance;
        double error = by_voltage > by_current ? by_voltage : by_current;
        if (by_state > error) error = by_state;
        if (++lane->attempts > MOST_ATTEMPTS) fail(task, r, lane, TOO_MANY);
        else judge(task, r, l, finite[l] ? error : INFINITY);
    }
}

EXPORT int assb_lanes(void) { return LANES; }

EXPORT long assb_workspace(void)
{
    return LANES * (NP + 5L + 1L + 2L * NY + WATCHED + NKEPT + 2L * NOUT + NWORK + NFACTOR + NY + 2L * NZ + 1L);
}

static void lay_out(Run* r, double* work)
{
    /* Vectors sit at multiples of their size. */
    real* at = (real*)(((size_t)work + sizeof(real) - 1) / sizeof(real) * sizeof(real));
    real** parts[] = {&r->p,    &r->u,   &r->h,    &r->y, &r->next,    &r->watch,
                      &r->kept, &r->row, &r->here, &r->w, &r->factors, &r->scratch};
    const long sizes[] = {NP, 5, 1, NY, NY, WATCHED, NKEPT, NOUT, NOUT, NWORK, NFACTOR, NY + 2L * NZ};
    for (int i = 0; i < 12; ++i) {
        *parts[i] = at;
        at += sizes[i];
    }
    memset(r->p, 0, (size_t)((char*)at - (char*)r->p));
}

/* Take `n_sets` rows of `inputs` (n_sets, NP) through `n_steps` steps, `n_cycles` times.

   controls (n_steps, 5): u of each step. durations, longest: largest duration and integration step [s].
   cut_start (n_steps + 1): which of the cut-offs `what`, `direction`, `threshold` belong to a step.
   tolerance [V] and its counterparts for the scaled current and states bound the local error.
   summary (n_sets, n_cycles, n_steps, END + NOUT): duration [s], voltage [V], current [A], charge [A.h],
   slope of the voltage [V/s], outputs; reason (n_sets, n_cycles, n_steps): cut-off that ended the step, -1 its duration. Both, and
   out (n_sets, n_out, NOUT + 1) with outputs and current at out_times, are untouched beyond the end.
   out_times [s] are the same for every set if out_stride is 0, else (n_sets, out_stride); since the start,
   or since the start of the steps out_steps unless that is null.
   trace (n_trace, 5 + NOUT), if n_trace, of a single set: time, cycle, step, voltage, current, outputs.
   status (n_sets): 0, or what failed or ended it early; reached (n_sets): steps completed.
   counts (3): trace rows (perhaps more than fitted), accepted, rejected steps. Returns the failures. */
EXPORT long assb_cycle(long n_sets, int n_cycles, int n_steps, const double* controls, const double* durations,
                       const double* longest, const int* cut_start, const int* what, const int* direction,
                       const double* threshold, double tolerance, double current_tolerance,
                       double state_tolerance, double initial_current, const double* inputs, double* summary, int* reason, int* status,
                       long* reached, long n_out, long out_stride, const double* out_times, const int* out_steps,
                       double* out, long n_trace, double* trace, long* counts, double* work)
{
    const Task task = {n_sets, (long)n_cycles * n_steps, n_steps, controls, durations, longest, cut_start, what,
                       direction, threshold, tolerance, current_tolerance, state_tolerance,
                       {1.0, 0.0, 0.0, initial_current, controls[4]}, inputs, summary, reason, status, reached,
                       n_out, out_stride, out_times, out_steps, out, n_trace, trace, counts};
    Run run;
    memset(&run, 0, sizeof(Run));
    lay_out(&run, work);
    for (int l = 0; l < LANES; ++l) {
        run.lane[l].phase = FRESH;
        AT(run.h, 0, l) = 1.0;
    }
    counts[0] = counts[1] = counts[2] = 0;
    while (start(&task, &run)) integrate(&task, &run);
    return run.failures;
}
