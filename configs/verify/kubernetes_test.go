package verify

import (
	"os"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const folder = "../kubernetes/"

// typeOf gives a kind's Go type.
func typeOf(kind string) any {
	switch kind {
	case "ConfigMap":
		return &core.ConfigMap{}
	case "Deployment":
		return &apps.Deployment{}
	case "HorizontalPodAutoscaler":
		return &autoscaling.HorizontalPodAutoscaler{}
	case "Ingress":
		return &networking.Ingress{}
	case "Job":
		return &batch.Job{}
	case "Namespace":
		return &core.Namespace{}
	case "NetworkPolicy":
		return &networking.NetworkPolicy{}
	case "PodDisruptionBudget":
		return &policy.PodDisruptionBudget{}
	case "PodMonitor":
		return &monitoring.PodMonitor{}
	case "Secret":
		return &core.Secret{}
	case "Service":
		return &core.Service{}
	case "ServiceAccount":
		return &core.ServiceAccount{}
	}
	return nil
}

// build runs kustomize and returns what it makes, by kind.
func build(t *testing.T, name string) map[string][]byte {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder+name)
	require.NoError(t, err)
	resources := map[string][]byte{}
	for _, resource := range built.Resources() {
		content, err := resource.AsYAML()
		require.NoError(t, err)
		require.NotContains(t, resources, resource.GetKind(), "two of a kind")
		resources[resource.GetKind()] = content
	}
	return resources
}

// strict decodes a manifest: an unknown field, one that is there twice, or a value of
// the wrong type is an error.
func strict(t *testing.T, kind string, content []byte) any {
	t.Helper()
	into := typeOf(kind)
	require.NotNil(t, into, "no type for %s", kind)
	require.NoError(t, yaml.UnmarshalStrict(content, into), "%s:\n%s", kind, content)
	return into
}

func TestKustomizationsBuild(t *testing.T) {
	for name, kinds := range map[string][]string{
		"base":            {"ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"},
		"migrate":         {"Job"},
		"example/migrate": {"Job"},
		"example": {
			"ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy",
			"PodDisruptionBudget", "PodMonitor", "Service", "ServiceAccount",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var built []string
			for kind, content := range build(t, name) {
				strict(t, kind, content)
				built = append(built, kind)
			}
			require.ElementsMatch(t, kinds, built)
		})
	}
}

func TestStrictCanFail(t *testing.T) {
	require.Error(t, yaml.UnmarshalStrict([]byte("spec: {replica: 2}"), &apps.Deployment{}))
	require.Error(t, yaml.UnmarshalStrict([]byte("spec: {replicas: two}"), &apps.Deployment{}))
}

func TestFilesThatAreAppliedByHand(t *testing.T) {
	for _, name := range []string{"example/namespace.yaml", "example/secret.example.yaml"} {
		content, err := os.ReadFile(folder + name)
		require.NoError(t, err)
		var is struct{ Kind string }
		require.NoError(t, yaml.Unmarshal(content, &is))
		strict(t, is.Kind, content)
	}
}

// What is built refers to what is built with it.
func TestTheExampleHoldsTogether(t *testing.T) {
	nodes := build(t, "example")
	deployment := strict(t, "Deployment", nodes["Deployment"]).(*apps.Deployment)
	config := strict(t, "ConfigMap", nodes["ConfigMap"]).(*core.ConfigMap)
	job := strict(t, "Job", build(t, "example/migrate")["Job"]).(*batch.Job)
	pod, migration := deployment.Spec.Template, job.Spec.Template

	require.Nil(t, deployment.Spec.Replicas, "the autoscaler's business")
	require.Equal(t, config.Name, pod.Spec.Volumes[0].ConfigMap.Name, "by the hash of its content")
	require.True(t, strings.HasPrefix(config.Name, "parley-"), config.Name)
	require.Equal(t, pod.Spec.Containers[0].Image, migration.Spec.Containers[0].Image)
	require.Equal(t, deployment.Namespace, job.Namespace)

	selector := strict(t, "Service", nodes["Service"]).(*core.Service).Spec.Selector
	require.Equal(t, deployment.Spec.Selector.MatchLabels, selector)
	require.Subset(t, pod.Labels, selector)
	require.NotSubset(t, migration.Labels, selector, "a migration serves nobody")
	budget := strict(t, "PodDisruptionBudget", nodes["PodDisruptionBudget"]).(*policy.PodDisruptionBudget)
	require.Equal(t, selector, budget.Spec.Selector.MatchLabels)
	monitor := strict(t, "PodMonitor", nodes["PodMonitor"]).(*monitoring.PodMonitor)
	require.Equal(t, selector, monitor.Spec.Selector.MatchLabels)
	network := strict(t, "NetworkPolicy", nodes["NetworkPolicy"]).(*networking.NetworkPolicy)
	require.Subset(t, pod.Labels, network.Spec.PodSelector.MatchLabels)
	require.Subset(t, migration.Labels, network.Spec.PodSelector.MatchLabels)
	scaler := strict(t, "HorizontalPodAutoscaler", nodes["HorizontalPodAutoscaler"]).(*autoscaling.HorizontalPodAutoscaler)
	require.Equal(t, deployment.Name, scaler.Spec.ScaleTargetRef.Name)
	require.GreaterOrEqual(t, *scaler.Spec.MinReplicas, int32(2))
}
