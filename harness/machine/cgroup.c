/* cgroup.c - see cgroup.h. */
#include "harness/machine/cgroup.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* -- finding a group ----------------------------------------------------------- */

/* True when `word` is in the comma-separated list. */
static bool lists(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ',') && (!at[length] || at[length] == ','))
            return true;
    return false;
}

/* Finds the line of the controller in /proc/self/cgroup, which is "number:list:path",
 * with "0::path" for version 2. A controller is in one of the two; version 1 names it. */
static bool find_path(const char *root, const char *controller, bool *unified,
                      char path[CGROUP_DIR_SIZE])
{
    FILE *file = file_open("%s/proc/self/cgroup", root);
    char line[CGROUP_DIR_SIZE + 128];
    bool found = false;

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file)) {
        char *list = strchr(line, ':');
        char *at = list ? strchr(list + 1, ':') : NULL;

        if (!at)
            continue;
        *at++ = '\0';
        at[strcspn(at, "\n")] = '\0';
        *unified = !strncmp(line, "0:", 2) && !list[1];
        if (!*unified && !lists(list + 1, controller))
            continue;
        (void)snprintf(path, CGROUP_DIR_SIZE, "%s", at);
        found = true;
        if (!*unified)
            break;
    }
    (void)fclose(file);
    return found;
}

bool cgroup_find(struct cgroup *group, const char *root, const char *controller)
{
    char path[CGROUP_DIR_SIZE];
    char mount[CGROUP_DIR_SIZE];
    bool unified;
    int length;

    if (!find_path(root, controller, &unified, path))
        return false;
    length = snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup%s%s", root,
                      unified ? "" : "/", unified ? "" : controller);
    if (length < 0 || (size_t)length >= sizeof(mount) || access(mount, F_OK))
        return false;
    *group = (struct cgroup){.unified = unified, .mount_length = (size_t)length};
    (void)snprintf(group->dir, sizeof(group->dir), "%s", mount);
    /* A path outside the namespace begins with "/..": it cannot be seen. */
    if (strcmp(path, "/") != 0 && !strstr(path, "/..") &&
        (size_t)length + strlen(path) < sizeof(group->dir)) {
        (void)snprintf(group->dir + length, sizeof(group->dir) - (size_t)length, "%s",
                       path);
        if (access(group->dir, F_OK))
            group->dir[length] = '\0';
    }
    return true;
}

bool cgroup_ascend(struct cgroup *group)
{
    char *slash = strrchr(group->dir, '/');

    if (!slash || (size_t)(slash - group->dir) < group->mount_length)
        return false;
    *slash = '\0';
    return true;
}

/* -- reading its files --------------------------------------------------------- */

bool cgroup_number(const struct cgroup *group, const char *file, uint64_t *value)
{
    FILE *in = file_open("%s/%s", group->dir, file);
    char word[32];
    bool found = false;

    if (!in)
        return false;
    if (fscanf(in, "%31s", word) == 1) {
        found = true;
        if (!strcmp(word, "max"))
            *value = UINT64_MAX;
        else
            found = sscanf(word, "%" SCNu64, value) == 1;
    }
    (void)fclose(in);
    return found;
}

bool cgroup_keyed_number(const struct cgroup *group, const char *file, const char *key,
                         uint64_t *value)
{
    FILE *in = file_open("%s/%s", group->dir, file);
    bool found = false;
    char word[64];
    uint64_t number;

    if (!in)
        return false;
    while (!found && fscanf(in, "%63s %" SCNu64, word, &number) == 2)
        found = !strcmp(word, key);
    (void)fclose(in);
    if (found)
        *value = number;
    return found;
}

/* "200000 100000" or "max 100000" in one file; in version 1 two files, -1 for no limit.
 */
static double own_cpu_quota(const struct cgroup *group)
{
    double quota = -1;
    double period = -1;
    FILE *in = file_open("%s/%s", group->dir,
                         group->unified ? "cpu.max" : "cpu.cfs_quota_us");
    bool known = in && fscanf(in, "%lf", &quota) == 1 && quota > 0;

    if (in && group->unified)
        known = known && fscanf(in, "%lf", &period) == 1;
    if (in)
        (void)fclose(in);
    if (known && !group->unified) {
        in = file_open("%s/%s", group->dir, "cpu.cfs_period_us");
        known = in && fscanf(in, "%lf", &period) == 1;
        if (in)
            (void)fclose(in);
    }
    return known && period > 0 ? quota / period : INFINITY;
}

double cgroup_cpu_quota(const char *root)
{
    struct cgroup group;
    double least = INFINITY;

    if (!cgroup_find(&group, root, "cpu"))
        return least;
    do
        least = fmin(least, own_cpu_quota(&group));
    while (cgroup_ascend(&group));
    return least;
}

bool cgroup_throttled(const char *root, uint64_t *count, uint64_t *throttled_us)
{
    struct cgroup group;
    bool known = false;

    *count = *throttled_us = 0;
    if (!cgroup_find(&group, root, "cpu"))
        return false;
    do {
        const char *key = group.unified ? "throttled_usec" : "throttled_time";
        uint64_t times;
        uint64_t time;

        if (!cgroup_keyed_number(&group, "cpu.stat", "nr_throttled", &times) ||
            !cgroup_keyed_number(&group, "cpu.stat", key, &time))
            continue; /* the root of version 2 has no such lines */
        known = true;
        *count += times;
        *throttled_us += group.unified ? time : time / 1000;
    } while (cgroup_ascend(&group));
    return known;
}
