package vault

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"ringway/rtp/wav"
)

// childKey makes this program the victim of TestKilledInTheMiddle: it writes a recording into the folder that it names.
const childKey = "RINGWAY_TEST_VAULT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childKey); dir != "" {
		writeForEver(dir)
		return
	}
	os.Exit(m.Run())
}

const name = "2026/03/02/abc.wav"

func writeForEver(dir string) {
	v, err := Open(dir)
	if err != nil {
		os.Exit(1)
	}
	tape, err := v.Create(name)
	if err != nil {
		os.Exit(1)
	}
	w, err := wav.NewWriter(tape, 8000, 2)
	for ; err == nil; time.Sleep(time.Millisecond) {
		err = w.Write(make([]int16, 2*1111))
	}
	os.Exit(1)
}

func TestKilledInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childKey+"="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, filepath.FromSlash(name)) + part
	for size := int64(0); size < 200_000; time.Sleep(time.Millisecond) {
		if info, err := os.Stat(file); err == nil {
			size = info.Size()
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	whole := time.Duration(info.Size()-44) * time.Second / 32000
	if d := length(t, file); d < whole-1200*time.Millisecond || d > whole {
		t.Errorf("as the kill left it, %v of %v can be heard", d, whole)
	}
	v := open(t, dir)
	d, size, err := v.Repair(name)
	if err != nil || whole-d > time.Millisecond || size != 44+int64(d*32000/time.Second) {
		t.Errorf("repaired: %v of %v, %d bytes, %v", d, whole, size, err)
	}
	if d := length(t, filepath.Join(dir, filepath.FromSlash(name))); whole-d > time.Millisecond {
		t.Errorf("repaired, %v of %v can be heard", d, whole)
	}
	if again, _, err := v.Repair(name); err != nil || again != d {
		t.Errorf("repaired again: %v %v", again, err)
	}
}

func length(t *testing.T, file string) time.Duration {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := wav.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Duration()
}

func open(t *testing.T, dir string) *Vault {
	t.Helper()
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func TestNamesLeadNowhereElse(t *testing.T) {
	v := open(t, t.TempDir())
	for _, bad := range []string{"", "a.wav", "../../../etc/passwd", "2026/03/02/../../../x.wav", "/2026/03/02/a.wav", "2026/03/02/a.wav\n", "2026/03/02/A.wav",
		"2026/03/02/a b.wav", "2026/03/02/.wav"} {
		if _, err := v.Create(bad); !errors.Is(err, ErrName) {
			t.Errorf("create %q: %v", bad, err)
		}
		if _, err := v.Open(bad); !errors.Is(err, ErrName) {
			t.Errorf("open %q: %v", bad, err)
		}
		if err := v.Remove(bad); !errors.Is(err, ErrName) {
			t.Errorf("remove %q: %v", bad, err)
		}
		if _, _, err := v.Repair(bad); !errors.Is(err, ErrName) {
			t.Errorf("repair %q: %v", bad, err)
		}
	}
}

func TestFilesAreTheOwnersAndLeaveNoFolders(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir)
	tape, err := v.Create(Name("abc", time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Create(name); err == nil {
		t.Error("the same file twice")
	}
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	for range 2 {
		if err := v.Remove(name); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if _, err := v.Open(name); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestSweepTakesWholeDays(t *testing.T) {
	v := open(t, t.TempDir())
	for _, n := range []string{"2026/02/27/a.wav", "2026/02/28/b.wav", "2026/03/01/c.wav"} {
		tape, err := v.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := tape.Close(); err != nil {
			t.Fatal(err)
		}
	}
	n, err := v.Sweep(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil || n != 2 {
		t.Errorf("%d files, %v", n, err)
	}
	if f, err := v.Open("2026/03/01/c.wav"); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
}
