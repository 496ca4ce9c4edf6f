#include "base/metrics.hpp"

#include <map>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace movio {
namespace {

using Labels = std::map<std::string, std::string>;

struct Registry {
    prometheus::Registry registry;
    std::mutex mutex;
    std::map<std::string, std::size_t, std::less<>> series_count;

    // The labels to use: the given ones while the family has room for another series, else all "other".
    template <class Series>
    Labels bounded(prometheus::Family<Series>& family, std::string_view name,
                   std::initializer_list<MetricLabel> given) {
        Labels labels;
        for (const auto& label : given) labels.emplace(label.name, label.value);
        if (family.Has(labels)) return labels;
        auto& count = series_count[std::string(name)];
        if (count < kMetricSeriesMax) {
            ++count;
            return labels;
        }
        for (auto& [label, value] : labels) value = "other";
        return labels;
    }
};

Registry& registry() {
    static auto* const instance = new Registry;  // outlives every static that counts in its destructor
    return *instance;
}

}  // namespace

void Counter::add(std::int64_t amount) const {
    static_cast<prometheus::Counter*>(series_)->Increment(static_cast<double>(amount));
}
void Gauge::set(std::int64_t value) const { static_cast<prometheus::Gauge*>(series_)->Set(static_cast<double>(value)); }
void Gauge::add(std::int64_t amount) const {
    static_cast<prometheus::Gauge*>(series_)->Increment(static_cast<double>(amount));
}
void Histogram::observe(double value) const { static_cast<prometheus::Histogram*>(series_)->Observe(value); }

Counter counter(std::string_view name, std::string_view help, std::initializer_list<MetricLabel> labels) {
    auto& all = registry();
    const std::scoped_lock lock(all.mutex);
    auto& family = prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(all.registry);
    return Counter(&family.Add(all.bounded(family, name, labels)));
}

Gauge gauge(std::string_view name, std::string_view help, std::initializer_list<MetricLabel> labels) {
    auto& all = registry();
    const std::scoped_lock lock(all.mutex);
    auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(all.registry);
    return Gauge(&family.Add(all.bounded(family, name, labels)));
}

Histogram histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                    std::initializer_list<MetricLabel> labels) {
    auto& all = registry();
    const std::scoped_lock lock(all.mutex);
    auto& family = prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help)).Register(all.registry);
    return Histogram(&family.Add(all.bounded(family, name, labels), bounds));
}

const std::vector<double>& duration_bounds() {
    static const std::vector<double> bounds{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    return bounds;
}

std::string metrics_text() { return prometheus::TextSerializer().Serialize(registry().registry.Collect()); }

}  // namespace movio
