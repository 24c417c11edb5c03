/* Steps under control of current, voltage or power with cut-offs, repeated; placed after driver.c.

   `current` of the generated functions is here u = (a, b, c, d, scale): the applied current is an
   algebraic state, in multiples of `scale`, with the residual a I + b V + c V I - d. The last
   differential state is the charge passed [A.h]. WATCH is the number of outputs of `advance` besides
   the state: V, V by the embedded solution, I, I by the embedded solution. */

enum { CURRENT_CUT = -1, CAPACITY_CUT = -2 };
enum { TOO_SMALL = 4, TRACE_FULL = 5 };

typedef struct {
    const double *p, *u;
    double *y, *next, *watch, *kept, *row, *w, *factors, *scratch;
    double h_prepared, charge_at_start;
} Run;

typedef struct {
    int n;
    const int *what, *direction;
    const double* threshold;
} Cuts;

/* Positive once the cut-off has been passed. Uses outputs in r->row. */
static double beyond(const Run* r, const Cuts* cuts, int i, const double* y)
{
    double value;
    if (cuts->what[i] == CURRENT_CUT) value = fabs(y[NY - 1] * r->u[4]);
    else if (cuts->what[i] == CAPACITY_CUT) value = fabs(y[NX - 1] - r->charge_at_start);
    else value = r->row[cuts->what[i]];
    return cuts->direction[i] * (value - cuts->threshold[i]);
}

/* Whether a step of size h to r->next succeeded. */
static int attempt(Run* r, double h)
{
    if (h != r->h_prepared) {
        r->h_prepared = h;
        advance_prepare(r->y, r->p, r->u, &h, r->kept, r->w);
    }
    advance(r->y, r->p, r->u, &h, r->kept, r->next, r->watch, r->w);
    return all_finite(r->next, NY) && all_finite(r->watch, 4);
}

static int first_beyond(Run* r, const Cuts* cuts, const double* y, double* amount)
{
    if (!cuts->n) return -1;
    outputs(y, r->p, r->u, r->row, r->w);
    for (int i = 0; i < cuts->n; ++i)
        if ((*amount = beyond(r, cuts, i, y)) >= 0.0) return i;
    return -1;
}

/* Shorten the step of size h, at whose end cut-off i is passed by `after`, so that it ends there:
   Illinois' method, then the smallest step found that is beyond. Another cut-off passed earlier takes
   over. Returns the step size, 0 if it failed; r->next is the state there. */
static double locate(Run* r, const Cuts* cuts, int* i, double h, double after)
{
    outputs(r->y, r->p, r->u, r->row, r->w);
    double low = 0.0, high = h, f_low = beyond(r, cuts, *i, r->y), f_high = after;
    int side = 0;
    for (int k = 0; k < 60 && high - low > 1e-6 * h && f_high > 0.0; ++k) {
        double middle = (low * f_high - high * f_low) / (f_high - f_low);
        const double inside = 1e-7 * (high - low);
        if (!(middle > low + inside)) middle = low + 0.5e-6 * h;
        if (!(middle < high - inside)) middle = high - 0.5e-6 * h;
        if (!(middle > low && middle < high)) middle = 0.5 * (low + high);
        if (!attempt(r, middle)) return 0.0;
        double f;
        const int found = first_beyond(r, cuts, r->next, &f);
        if (found >= 0 && found != *i) { /* earlier in time, as it is passed at a smaller step */
            outputs(r->y, r->p, r->u, r->row, r->w);
            *i = found;
            high = middle;
            f_low = beyond(r, cuts, found, r->y);
            f_high = f;
            side = 0;
            continue;
        }
        if (found < 0) f = beyond(r, cuts, *i, r->next);
        if (f >= 0.0) {
            high = middle;
            f_high = f;
            if (side == 1) f_low *= 0.5;
            side = 1;
        } else {
            low = middle;
            f_low = f;
            if (side == -1) f_high *= 0.5;
            side = -1;
        }
    }
    return attempt(r, high) ? high : 0.0;
}

EXPORT long assb_workspace(void)
{
    return 2L * NY + 4L + NKEPT + NOUT + NWORK + NFACTOR + NY + 2L * NZ;
}

/* Repeat `n_steps` steps `n_cycles` times.

   controls (n_steps, 5): u of each step. durations, longest: largest duration and integration step [s].
   cut_start (n_steps + 1): which of the cut-offs `what`, `direction`, `threshold` belong to a step.
   tolerance [V] and its counterpart for the scaled current bound the local error.
   summary (n_cycles, n_steps, 4 + NOUT): duration [s], voltage [V], current [A], charge [A.h], outputs;
   reason (n_cycles, n_steps): cut-off that ended the step, -1 its duration.
   trace (n_trace, 5 + NOUT), if n_trace: time, cycle, step, voltage, current, outputs.
   counts (3): trace rows, accepted, rejected integration steps. Returns the status. */
EXPORT int assb_cycle(int n_cycles, int n_steps, const double* controls, const double* durations,
                      const double* longest, const int* cut_start, const int* what, const int* direction,
                      const double* threshold, double tolerance, double current_tolerance,
                      const double* p, double* summary, int* reason, long n_trace, double* trace,
                      long* counts, double* work)
{
    Run run, *r = &run;
    double total = 0.0;
    const double rest[5] = {1.0, 0.0, 0.0, 0.0, controls[4]};
    r->p = p;
    r->u = rest;
    r->y = work;
    r->next = r->y + NY;
    r->watch = r->next + NY;
    r->kept = r->watch + 4;
    r->row = r->kept + NKEPT;
    r->w = r->row + NOUT;
    r->factors = r->w + NWORK;
    r->scratch = r->factors + NFACTOR;
    counts[0] = counts[1] = counts[2] = 0;
    initial(p, rest, r->y, r->w);
    if (!all_finite(r->y, NY)) return BAD_START;
    if (make_consistent(r->y, p, rest, r->factors, r->scratch, r->w)) return NO_CONSISTENT_STATE;

    for (long k = 0; k < (long)n_cycles * n_steps; ++k) {
        const int s = (int)(k % n_steps);
        const Cuts cuts = {cut_start[s + 1] - cut_start[s], what + cut_start[s], direction + cut_start[s],
                           threshold + cut_start[s]};
        double t = 0.0, h = longest[s] < 0.1 ? longest[s] : 0.1, amount = 0.0;
        r->u = controls + 5 * s;
        r->h_prepared = 0.0;
        r->charge_at_start = r->y[NX - 1];
        if (make_consistent(r->y, p, r->u, r->factors, r->scratch, r->w)) return NO_CONSISTENT_STATE;
        int ended = first_beyond(r, &cuts, r->y, &amount);
        for (;;) {
            if (n_trace) {
                if (counts[0] == n_trace) return TRACE_FULL;
                double* row = trace + counts[0]++ * (5 + NOUT);
                outputs(r->y, p, r->u, row + 5, r->w);
                row[0] = total + t;
                row[1] = (double)(k / n_steps);
                row[2] = s;
                row[3] = row[5 + VOLTAGE];
                row[4] = r->y[NY - 1] * r->u[4];
            }
            const double left = durations[s] - t;
            if (ended >= 0 || left <= 1e-9 * durations[s]) break;
            double size = h, error;
            if (size > longest[s]) size = longest[s];
            if (size >= left) size = left;
            else if (2.0 * size > left) size = 0.5 * left;
            for (;;) {
                const int works = attempt(r, size);
                error = 1e9;
                if (works) {
                    const double by_voltage = fabs(r->watch[0] - r->watch[1]) / tolerance;
                    const double by_current = fabs(r->watch[2] - r->watch[3]) / current_tolerance;
                    error = by_voltage > by_current ? by_voltage : by_current;
                }
                if (error <= 1.0) break;
                ++counts[2];
                const double factor = works ? 0.85 / cbrt(error) : 0.25;
                size *= factor > 0.1 ? factor : 0.1;
                if (size < 1e-9) return TOO_SMALL;
            }
            ++counts[1];
            const double factor = 0.85 / cbrt(error + 1e-6);
            /* A step size kept is one whose factors need not be prepared again. */
            h = factor > 1.25 || factor < 1.0 ? size * (factor < 5.0 ? factor : 5.0) : size;
            ended = first_beyond(r, &cuts, r->next, &amount);
            if (ended >= 0) {
                size = locate(r, &cuts, &ended, size, amount);
                if (size == 0.0) return NOT_FINITE;
            }
            t += size;
            double* swap = r->y;
            r->y = r->next;
            r->next = swap;
        }
        double* end = summary + k * (4 + NOUT);
        outputs(r->y, p, r->u, end + 4, r->w);
        if (!all_finite(end + 4, NOUT)) return NOT_FINITE;
        end[0] = t;
        end[1] = end[4 + VOLTAGE];
        end[2] = r->y[NY - 1] * r->u[4];
        end[3] = r->y[NX - 1] - r->charge_at_start;
        reason[k] = ended;
        total += t;
    }
    return OK;
}
