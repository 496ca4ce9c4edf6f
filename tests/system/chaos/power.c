// Preloaded into movio: remembers what of the data folder was made durable, so that a test can cut the power.
//
// A write to a file is lost unless the file was synced after it; a new, moved or removed name is lost unless its folder
// was synced after it. SQLite's shared memory (-shm) is rebuilt at each start and is left alone. When the file that
// MOVIO_TEST_POWER names appears, the process undoes what was not durable and ends by SIGKILL. A real disk may also have
// written by itself what nobody synced: with MOVIO_TEST_POWER_SEED above 0 a coin decides that for each file.
//
// Kept small on purpose: one lock, whole copies of what was durable, a few hundred files.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

// A file by its inode: what its content was when it was synced last.
struct Content {
    dev_t device;
    ino_t inode;
    char* durable;
    size_t durable_bytes;
    int dirty;
    struct Content* next;
};

// A change of names in one folder that is not durable yet, newest first. Undone in this order.
enum Kind { kMade, kMadeFolder, kMoved, kRemoved };
struct Change {
    enum Kind kind;
    char folder[PATH_MAX];   // which folder must be synced
    char folder2[PATH_MAX];  // a move has two; empty once either way is durable
    char path[PATH_MAX];
    char old_path[PATH_MAX];  // kMoved: where it was; kRemoved: a second name that keeps the file
    struct Change* next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct Content* contents;
static struct Change* changes;
static char root[PATH_MAX];
static char trigger[PATH_MAX];
static char keep[PATH_MAX];  // outside the data folder, same file system: files that were removed but not durably
static unsigned kept;
static unsigned seed;
static int active;
static int dead;

static int (*real_openat)(int, const char*, int, ...);
static ssize_t (*real_write)(int, const void*, size_t);
static ssize_t (*real_pwrite)(int, const void*, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlinkat)(int, const char*, int);
static int (*real_mkdirat)(int, const char*, mode_t);
static int (*real_linkat)(int, const char*, int, const char*, int);
static int (*real_renameat2)(int, const char*, int, const char*, unsigned);

__attribute__((constructor)) static void begin(void) {
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fallocate = dlsym(RTLD_NEXT, "fallocate");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_mkdirat = dlsym(RTLD_NEXT, "mkdirat");
    real_linkat = dlsym(RTLD_NEXT, "linkat");
    real_renameat2 = dlsym(RTLD_NEXT, "renameat2");
    const char* data = getenv("MOVIO_TEST_POWER_DATA");
    const char* cut = getenv("MOVIO_TEST_POWER");
    const char* keeping = getenv("MOVIO_TEST_POWER_KEEP");
    if (data == NULL || cut == NULL || keeping == NULL) return;
    snprintf(root, sizeof root, "%s/", data);
    snprintf(trigger, sizeof trigger, "%s", cut);
    snprintf(keep, sizeof keep, "%s", keeping);
    const char* chosen = getenv("MOVIO_TEST_POWER_SEED");
    seed = chosen == NULL ? 0 : (unsigned)strtoul(chosen, NULL, 10);
    active = 1;
}

static int ends_with(const char* text, const char* end) {
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static int is_ours(const char* path) {
    return active && strncmp(path, root, strlen(root)) == 0 && !ends_with(path, "-shm") && !ends_with(path, "/lock");
}

// The path of an open file; empty when it has none.
static void path_of(int fd, char out[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, out, PATH_MAX - 1);
    out[length < 0 ? 0 : length] = '\0';
}

static void path_at(int folder, const char* name, char out[PATH_MAX]) {
    if (name[0] == '/') {
        snprintf(out, PATH_MAX, "%s", name);
        return;
    }
    char base[PATH_MAX];
    if (folder == AT_FDCWD) {
        if (getcwd(base, sizeof base) == NULL) base[0] = '\0';
    } else {
        path_of(folder, base);
    }
    if (strlen(base) + strlen(name) + 2 > PATH_MAX) base[0] = '\0';
    strcpy(out, base);
    strcat(out, "/");
    strcat(out, name);
}

static void folder_of(const char* path, char out[PATH_MAX]) {
    snprintf(out, PATH_MAX, "%s", path);
    char* slash = strrchr(out, '/');
    if (slash != NULL) *slash = '\0';
}

static struct Content* content_of(const struct stat* facts) {
    for (struct Content* one = contents; one != NULL; one = one->next)
        if (one->device == facts->st_dev && one->inode == facts->st_ino) return one;
    return NULL;
}

static struct Content* track(const struct stat* facts) {
    struct Content* one = content_of(facts);
    if (one != NULL) return one;
    one = calloc(1, sizeof *one);
    if (one == NULL) abort();
    one->device = facts->st_dev;
    one->inode = facts->st_ino;
    one->next = contents;
    contents = one;
    return one;
}

static void remember_content(struct Content* one, int fd, off_t bytes) {
    free(one->durable);
    one->durable = malloc((size_t)bytes + 1);
    one->durable_bytes = 0;
    if (one->durable == NULL) abort();
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const int copy = real_openat(AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
    while (copy >= 0 && one->durable_bytes < (size_t)bytes) {
        const ssize_t got = pread(copy, one->durable + one->durable_bytes, (size_t)bytes - one->durable_bytes,
                                  (off_t)one->durable_bytes);
        if (got <= 0) break;
        one->durable_bytes += (size_t)got;
    }
    if (copy >= 0) close(copy);
    one->dirty = 0;
}

// Before a file is changed for the first time: what is on the disk at the start counts as durable.
static void before_write(int fd) {
    struct stat facts;
    char path[PATH_MAX];
    path_of(fd, path);
    if (!is_ours(path) || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return;
    struct Content* one = content_of(&facts);
    if (one == NULL) {
        one = track(&facts);
        remember_content(one, fd, facts.st_size);
    }
    one->dirty = 1;
}

static void add_change(enum Kind kind, const char* path, const char* old_path) {
    struct Change* change = calloc(1, sizeof *change);
    if (change == NULL) abort();
    change->kind = kind;
    snprintf(change->path, PATH_MAX, "%s", path);
    snprintf(change->old_path, PATH_MAX, "%s", old_path);
    folder_of(path, change->folder);
    if (kind == kMoved) folder_of(old_path, change->folder2);
    change->next = changes;
    changes = change;
}

static void forget_removed(const struct Change* change) {
    if (change->kind == kRemoved) real_unlinkat(AT_FDCWD, change->old_path, 0);
}

// A synced folder keeps its names. A move is durable with its new folder: journals write both sides as one.
static void folder_synced(const char* path) {
    struct Change** at = &changes;
    while (*at != NULL) {
        struct Change* change = *at;
        if (strcmp(change->folder, path) == 0) {
            forget_removed(change);
            *at = change->next;
            free(change);
        } else {
            at = &change->next;
        }
    }
}

static void restore(const char* path, const struct Content* one) {
    const int fd = real_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    real_ftruncate(fd, 0);
    for (size_t done = 0; done < one->durable_bytes;) {
        const ssize_t put = real_pwrite(fd, one->durable + done, one->durable_bytes - done, (off_t)done);
        if (put <= 0) break;
        done += (size_t)put;
    }
    close(fd);
}

static int is_dropped(void) { return seed == 0 || (rand_r(&seed) & 0x100) == 0; }

static void restore_below(const char* folder) {
    DIR* stream = opendir(folder);
    if (stream == NULL) return;
    for (struct dirent* entry; (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char path[PATH_MAX];
        struct stat facts;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= PATH_MAX || lstat(path, &facts) != 0) continue;
        if (S_ISDIR(facts.st_mode)) restore_below(path);
        const struct Content* one = S_ISREG(facts.st_mode) ? content_of(&facts) : NULL;
        if (one != NULL && one->dirty && is_dropped()) restore(path, one);
    }
    closedir(stream);
}

// A folder whose own name was never durable takes all that is in it along.
static void remove_below(const char* folder) {
    DIR* stream = opendir(folder);
    if (stream == NULL) return;
    for (struct dirent* entry; (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= PATH_MAX) continue;
        remove_below(path);
        if (real_unlinkat(AT_FDCWD, path, 0) != 0) real_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
    }
    closedir(stream);
}

static void undo(const struct Change* change) {
    switch (change->kind) {
        case kMade: real_unlinkat(AT_FDCWD, change->path, 0); break;
        case kMadeFolder:
            remove_below(change->path);
            real_unlinkat(AT_FDCWD, change->path, AT_REMOVEDIR);
            break;
        case kMoved: real_renameat2(AT_FDCWD, change->path, AT_FDCWD, change->old_path, 0); break;
        case kRemoved:
            real_linkat(AT_FDCWD, change->old_path, AT_FDCWD, change->path, 0);
            real_unlinkat(AT_FDCWD, change->old_path, 0);
            break;
    }
}

// The lock is held and never given back: whoever waits for it waits until the end.
static void cut_power(void) {
    dead = 1;
    char data[PATH_MAX];
    snprintf(data, sizeof data, "%.*s", (int)(strlen(root) - 1), root);
    for (const struct Change* change = changes; change != NULL; change = change->next) undo(change);
    restore_below(data);
    char done[PATH_MAX];
    if (snprintf(done, sizeof done, "%s.done", trigger) < PATH_MAX) {
        const int fd = real_openat(AT_FDCWD, done, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (fd >= 0) close(fd);
    }
    kill(0, SIGKILL);
    for (;;) pause();
}

static void enter(void) {
    pthread_mutex_lock(&lock);
    if (active && !dead && access(trigger, F_OK) == 0) cut_power();
}

static void leave(void) {
    const int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
}

static int open_tracked(int folder, const char* name, int flags, mode_t mode) {
    if (!active || (flags & O_CREAT) == 0) {
        if (!active || (flags & O_TRUNC) == 0) return real_openat(folder, name, flags, mode);
    }
    enter();
    char path[PATH_MAX];
    struct stat facts;
    path_at(folder, name, path);
    const int was_there = lstat(path, &facts) == 0;
    const int fd = real_openat(folder, name, flags, mode);
    if (fd >= 0 && !was_there && is_ours(path)) {
        add_change(kMade, path, "");
        if (fstat(fd, &facts) == 0) {
            struct Content* one = track(&facts);  // an inode may be used again
            free(one->durable);
            one->durable = NULL;
            one->durable_bytes = 0;
            one->dirty = 1;
        }
    }
    leave();
    return fd;
}

static mode_t mode_of(int flags, va_list rest) { return (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0; }

#define OPEN(name)                                       \
    int name(const char* path, int flags, ...) {         \
        va_list rest;                                    \
        va_start(rest, flags);                           \
        const mode_t mode = mode_of(flags, rest);        \
        va_end(rest);                                    \
        return open_tracked(AT_FDCWD, path, flags, mode); \
    }
#define OPENAT(name)                                              \
    int name(int folder, const char* path, int flags, ...) {      \
        va_list rest;                                             \
        va_start(rest, flags);                                    \
        const mode_t mode = mode_of(flags, rest);                 \
        va_end(rest);                                             \
        return open_tracked(folder, path, flags, mode);           \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

#define TRACKED_WRITE(type, name, parameters, call) \
    type name parameters {                          \
        if (!active) return call;                   \
        enter();                                    \
        before_write(fd);                           \
        const type result = call;                   \
        leave();                                    \
        return result;                              \
    }
TRACKED_WRITE(ssize_t, pwrite, (int fd, const void* data, size_t size, off_t at), real_pwrite(fd, data, size, at))
TRACKED_WRITE(ssize_t, pwrite64, (int fd, const void* data, size_t size, off_t at), real_pwrite(fd, data, size, at))
TRACKED_WRITE(int, ftruncate, (int fd, off_t size), real_ftruncate(fd, size))
TRACKED_WRITE(int, ftruncate64, (int fd, off_t size), real_ftruncate(fd, size))
TRACKED_WRITE(int, fallocate, (int fd, int mode, off_t at, off_t size), real_fallocate(fd, mode, at, size))
TRACKED_WRITE(int, fallocate64, (int fd, int mode, off_t at, off_t size), real_fallocate(fd, mode, at, size))

ssize_t write(int fd, const void* data, size_t size) {
    char path[PATH_MAX];
    if (!active || fd <= 2) return real_write(fd, data, size);
    path_of(fd, path);
    if (!is_ours(path)) return real_write(fd, data, size);
    enter();
    before_write(fd);
    const ssize_t result = real_write(fd, data, size);
    leave();
    return result;
}

static int synced(int fd, int (*real)(int)) {
    if (!active) return real(fd);
    enter();
    // What is written meanwhile waits for the lock, so that the copy is what the sync made durable. The disk itself
    // need not take part: durable is what this program remembers.
    char path[PATH_MAX];
    struct stat facts;
    path_of(fd, path);
    if (fstat(fd, &facts) == 0) {
        if (S_ISDIR(facts.st_mode) && strncmp(path, root, strlen(root) - 1) == 0) folder_synced(path);
        if (S_ISREG(facts.st_mode) && is_ours(path)) remember_content(track(&facts), fd, facts.st_size);
    }
    leave();
    return 0;
}
int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }

static int removed(int folder, const char* name, int flags) {
    if (!active) return real_unlinkat(folder, name, flags);
    enter();
    char path[PATH_MAX], second[PATH_MAX];
    path_at(folder, name, path);
    struct stat facts;
    second[0] = '\0';
    // Scratch may stay or go, it is swept anyhow; folders are made again.
    if (is_ours(path) && (flags & AT_REMOVEDIR) == 0 && lstat(path, &facts) == 0 && S_ISREG(facts.st_mode)) {
        const int length = snprintf(second, sizeof second, "%s/%u", keep, kept++);
        if (length >= PATH_MAX || real_linkat(AT_FDCWD, path, AT_FDCWD, second, 0) != 0) second[0] = '\0';
    }
    const int result = real_unlinkat(folder, name, flags);
    if (result == 0 && second[0] != '\0') add_change(kRemoved, path, second);
    leave();
    return result;
}
int unlinkat(int folder, const char* name, int flags) { return removed(folder, name, flags); }
int unlink(const char* name) { return removed(AT_FDCWD, name, 0); }
int rmdir(const char* name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

static int made_folder(int folder, const char* name, mode_t mode) {
    if (!active) return real_mkdirat(folder, name, mode);
    enter();
    char path[PATH_MAX];
    path_at(folder, name, path);
    const int result = real_mkdirat(folder, name, mode);
    if (result == 0 && is_ours(path)) add_change(kMadeFolder, path, "");
    leave();
    return result;
}
int mkdirat(int folder, const char* name, mode_t mode) { return made_folder(folder, name, mode); }
int mkdir(const char* name, mode_t mode) { return made_folder(AT_FDCWD, name, mode); }

int linkat(int from, const char* old_name, int to, const char* name, int flags) {
    if (!active) return real_linkat(from, old_name, to, name, flags);
    enter();
    char path[PATH_MAX];
    path_at(to, name, path);
    const int result = real_linkat(from, old_name, to, name, flags);
    if (result == 0 && is_ours(path)) add_change(kMade, path, "");
    leave();
    return result;
}
int link(const char* old_name, const char* name) { return linkat(AT_FDCWD, old_name, AT_FDCWD, name, 0); }

static int moved(int from, const char* old_name, int to, const char* name, unsigned flags) {
    if (!active) return real_renameat2(from, old_name, to, name, flags);
    enter();
    char path[PATH_MAX], old_path[PATH_MAX];
    path_at(from, old_name, old_path);
    path_at(to, name, path);
    const int result = real_renameat2(from, old_name, to, name, flags);
    if (result == 0 && is_ours(path)) add_change(kMoved, path, old_path);
    leave();
    return result;
}
int renameat2(int from, const char* old_name, int to, const char* name, unsigned flags) {
    return moved(from, old_name, to, name, flags);
}
int renameat(int from, const char* old_name, int to, const char* name) { return moved(from, old_name, to, name, 0); }
int rename(const char* old_name, const char* name) { return moved(AT_FDCWD, old_name, AT_FDCWD, name, 0); }
