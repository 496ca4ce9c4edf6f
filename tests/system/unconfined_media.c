// Stands in for movio-media: says that it is confined, and reports a forbidden act that it could do.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kChannel = 3, kNobody = 65534 };

static void say(const char* text, int descriptor) {
    struct iovec part = {(void*)text, strlen(text)};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof descriptor)] = {0};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        header.msg_control = control;
        header.msg_controllen = sizeof control;
        struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    sendmsg(kChannel, &header, MSG_NOSIGNAL);
}

int main(void) {
    const char* report = "{\"acts\":[{\"act\":\"open /etc/passwd\",\"denied\":false,\"how\":\"allowed\"}]}";
    char text[4096];
    if (recv(kChannel, text, sizeof text, 0) < 0) return 1;  // its order
    const int memory = memfd_create("report", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (write(memory, report, strlen(report)) < 0) return 1;
    fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    snprintf(text, sizeof text, "{\"type\":\"hello\",\"protocol\":%d,\"seccomp\":true,\"landlock_abi\":0,\"uid\":%d}",
             PROTOCOL, kNobody);
    say(text, -1);
    snprintf(text, sizeof text,
             "{\"type\":\"artefact\",\"kind\":\"index\",\"rendition\":\"\",\"number\":0,\"ticks\":0,\"damaged\":0,"
             "\"bytes\":%zu}",
             strlen(report));
    say(text, memory);
    say("{\"type\":\"done\"}", -1);
    return 0;
}
