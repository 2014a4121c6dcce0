package configs_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"parley/configs"
	"parley/metrics"
)

// What the tests look at of the manifests; the module in verify checks all fields.
type (
	manifest struct {
		Spec struct {
			Replicas        int
			SessionAffinity string `yaml:"sessionAffinity"`
			Ports           []struct {
				TargetPort string `yaml:"targetPort"`
			}
			Strategy struct {
				RollingUpdate struct {
					MaxUnavailable *int `yaml:"maxUnavailable"`
				} `yaml:"rollingUpdate"`
			}
			Template  struct{ Spec podSpec }
			Endpoints []struct{ Port, Path string } `yaml:"podMetricsEndpoints"`
		}
		StringData map[string]string `yaml:"stringData"`
	}
	podSpec struct {
		ServiceLinks    *bool `yaml:"enableServiceLinks"`
		GraceS          int   `yaml:"terminationGracePeriodSeconds"`
		SecurityContext struct {
			RunAsUser int `yaml:"runAsUser"`
		} `yaml:"securityContext"`
		Containers []container
	}
	container struct {
		Args      []string
		Env       []variable
		Lifecycle struct {
			PreStop struct {
				Sleep struct{ Seconds int }
			} `yaml:"preStop"`
		}
		Ports []struct {
			Name string
			Port string `yaml:"containerPort"`
		}
		Startup   probe `yaml:"startupProbe"`
		Liveness  probe `yaml:"livenessProbe"`
		Readiness probe `yaml:"readinessProbe"`
	}
	variable struct {
		Name      string
		ValueFrom struct {
			Secret struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	probe struct {
		Get      struct{ Path, Port string } `yaml:"httpGet"`
		TimeoutS int                         `yaml:"timeoutSeconds"`
	}
)

const kubernetes = "kubernetes/"

func readManifest(t *testing.T, name string) manifest {
	t.Helper()
	var m manifest
	require.NoError(t, yaml.Unmarshal([]byte(content(t, kubernetes+name)), &m), name)
	return m
}

// pods are the Deployment's and the Job's, and the one container of each.
func pods(t *testing.T) (node, migrate podSpec) {
	t.Helper()
	node = readManifest(t, "base/deployment.yaml").Spec.Template.Spec
	migrate = readManifest(t, "migrate/job.yaml").Spec.Template.Spec
	require.Len(t, node.Containers, 1)
	require.Len(t, migrate.Containers, 1)
	return node, migrate
}

// podConfig is the configuration that a pod has: its file below its environment, with
// secrets as in the example. Variables of other kinds are filled in from given.
func podConfig(t *testing.T, file string, pod podSpec, given map[string]string) configs.Config {
	t.Helper()
	secret := readManifest(t, "example/secret.example.yaml").StringData
	var environ []string
	for _, v := range pod.Containers[0].Env {
		if !strings.HasPrefix(v.Name, configs.EnvPrefix) {
			continue
		}
		value := given[v.Name]
		if ref := v.ValueFrom.Secret; ref.Name != "" {
			require.Contains(t, secret, ref.Key, "the example lacks what %s is taken from", v.Name)
			value = secret[ref.Key]
		}
		require.NotEmpty(t, value, v.Name)
		environ = append(environ, v.Name+"="+value)
	}
	c, warnings, err := configs.Load(file, nil, environ)
	require.NoError(t, err)
	require.Empty(t, warnings)
	return c
}

func nodePodConfig(t *testing.T) configs.Config {
	t.Helper()
	node, _ := pods(t)
	return podConfig(t, kubernetes+"base/parley.yaml", node, map[string]string{"PARLEY_NODE_ID": "parley-5d8f-x2k4q"})
}

func TestPodsConfiguration(t *testing.T) {
	c := nodePodConfig(t)
	require.Equal(t, "0.0.0.0:9090", c.Admin.Addr, "probes come from outside the pod")
	require.Contains(t, c.Store.DSN, "postgres://")
	require.NotEmpty(t, c.Cluster.RedisURL)
	require.Len(t, c.TURN.ICEServers, 1)
	require.NotEmpty(t, c.TURN.Secret)
	require.Equal(t, "parley-5d8f-x2k4q", c.Node.ID)

	node, migrate := pods(t)
	require.Equal(t, []string{"serve", "--config", "/etc/parley/parley.yaml"}, node.Containers[0].Args)
	require.Equal(t, []string{"migrate"}, migrate.Containers[0].Args)
	require.Equal(t, c.Store, podConfig(t, "", migrate, nil).Store, "the same schema")
}

// Kubernetes' variables for a Service named parley begin as the keys' do.
func TestPodsGetNoVariablesOfServices(t *testing.T) {
	node, migrate := pods(t)
	for _, pod := range []podSpec{node, migrate} {
		require.NotNil(t, pod.ServiceLinks)
		require.False(t, *pod.ServiceLinks)
		require.Equal(t, 65532, pod.SecurityContext.RunAsUser)
	}
	require.Contains(t, content(t, "../Dockerfile"), "USER 65532:65532")
}

func TestPodsHaveTimeToDrain(t *testing.T) {
	node, _ := pods(t)
	sleep := time.Duration(node.Containers[0].Lifecycle.PreStop.Sleep.Seconds) * time.Second
	require.Positive(t, sleep, "who routes to it hears first")
	grace := time.Duration(node.GraceS) * time.Second
	require.Greater(t, grace, sleep+nodePodConfig(t).Shutdown.Grace+5*time.Second, "killed in its drain")
}

func TestPodsPortsAreTheNodes(t *testing.T) {
	c := nodePodConfig(t)
	node, _ := pods(t)
	ports := map[string]string{}
	for _, p := range node.Containers[0].Ports {
		ports[p.Name] = p.Port
	}
	_, http, _ := strings.Cut(c.HTTP.Addr, ":")
	_, admin, _ := strings.Cut(c.Admin.Addr, ":")
	require.Equal(t, map[string]string{"http": http, "admin": admin}, ports)

	served := readManifest(t, "base/service.yaml").Spec
	require.Len(t, served.Ports, 1)
	require.Equal(t, "http", served.Ports[0].TargetPort, "the admin port is not for clients")
	require.Equal(t, "None", served.SessionAffinity)
}

func TestProbesAskWhatTheNodeAnswers(t *testing.T) {
	admin := metrics.AdminHandler(metrics.New(metrics.BuildInfo{}), nil)
	node, _ := pods(t)
	c := node.Containers[0]
	require.Equal(t, "/healthz", c.Liveness.Get.Path, "no dependency decides over life")
	require.Equal(t, "/healthz", c.Startup.Get.Path)
	require.Equal(t, "/readyz", c.Readiness.Get.Path)
	asked := map[string]string{}
	for _, p := range []probe{c.Liveness, c.Startup, c.Readiness} {
		asked[p.Get.Path] = p.Get.Port
		require.GreaterOrEqual(t, p.TimeoutS, 3, "a dependency's probe may take 2 s")
	}
	for _, e := range readManifest(t, "monitoring/podmonitor.yaml").Spec.Endpoints {
		asked[e.Path] = e.Port
	}
	require.Len(t, asked, 3)
	for path, port := range asked {
		require.Equal(t, "admin", port, path)
		answer := httptest.NewRecorder()
		admin.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		require.Equal(t, http.StatusOK, answer.Code, path)
	}
}

func TestNodesRollOneByOne(t *testing.T) {
	d := readManifest(t, "base/deployment.yaml").Spec
	require.GreaterOrEqual(t, d.Replicas, 2)
	require.NotNil(t, d.Strategy.RollingUpdate.MaxUnavailable)
	require.Zero(t, *d.Strategy.RollingUpdate.MaxUnavailable)
}

func TestIngressRemembersNobody(t *testing.T) {
	for _, word := range []string{"cookie-persistence", "affinity: \"", "affinity: cookie", "stick"} {
		require.NotContains(t, content(t, kubernetes+"example/ingress.yaml"), word)
	}
	require.Contains(t, content(t, kubernetes+"example/ingress.yaml"), "timeout tunnel 90s")
}

// Every folder's kustomization names files that are there, and all that are.
func TestKustomizationsNameTheirFiles(t *testing.T) {
	files, err := filepath.Glob(kubernetes + "*/kustomization.yaml")
	require.NoError(t, err)
	nested, err := filepath.Glob(kubernetes + "*/*/kustomization.yaml")
	require.NoError(t, err)
	require.Len(t, append(files, nested...), 7)
	for _, file := range append(files, nested...) {
		var k struct {
			Resources, Components []string
			Images                []struct {
				Tag string `yaml:"newTag"`
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(content(t, file)), &k))
		for _, name := range append(k.Resources, k.Components...) {
			_, err := os.Stat(filepath.Join(filepath.Dir(file), name))
			require.NoError(t, err, file)
		}
		for _, image := range k.Images {
			pinned(t, "parley:"+image.Tag)
		}
	}
	for _, name := range []string{"base", "autoscaling", "migrate", "monitoring"} {
		yamls, err := filepath.Glob(kubernetes + name + "/*.yaml")
		require.NoError(t, err)
		for _, file := range yamls {
			if base := filepath.Base(file); base != "kustomization.yaml" {
				require.Contains(t, content(t, kubernetes+name+"/kustomization.yaml"), base, "nobody applies it")
			}
		}
	}
}
