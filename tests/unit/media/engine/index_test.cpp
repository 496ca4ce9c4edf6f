#include <gtest/gtest.h>
#include "base/bytes.hpp"
#include "unit/media/engine/support.hpp"
#include <chrono>
namespace movio::media::test {
TEST(Enc, one) {
    auto source = MemorySource::of_file(*shared_media("bbb-720p-5s.mp4"));
    auto plan = plan_of(source);
    puts(to_json(plan).c_str());
    CollectingSink sink;
    VideoWork work;
    for (auto& r : plan.video) work.ranges.push_back(all_of(plan, r.name));
    auto t = std::chrono::steady_clock::now();
    auto done = run_order(work, plan, source, sink);
    printf("%ld ms\n", (long)std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - t).count());
    ASSERT_TRUE(done) << done.error().message << done.error().detail;
    for (auto& a : sink.artefacts) printf("%d %s %ld ticks %ld dmg %ld %zu\n", (int)a.kind, a.rendition.c_str(), a.number, a.ticks, a.damaged, a.bytes.size());
    for (auto& r : plan.video) {
        auto f = joined(sink, r.name, r.name + ".mp4");
        auto d = decode_grey(f, r.width, r.height);
        printf("%s frames %ld: %s\n", r.name.c_str(), d.frames, d.complaints.c_str());
        puts(run("ffprobe -v error -show_streams -of compact " + f.string()).c_str());
    }
}
}
