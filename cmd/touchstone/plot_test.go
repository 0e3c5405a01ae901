package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drawn returns the points of the curve of a plot, which is well-formed and refers to
// nothing outside.
func curveOf(t *testing.T, svg string) (points [][2]float64) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	assert.NotRegexp(t, `href|url\(|@import|<script|<image`, svg)
	assert.Contains(t, svg, "prefers-color-scheme: dark")
	d := regexp.MustCompile(`class="curve" d="([^"]*)"`).FindStringSubmatch(svg)
	require.NotNil(t, d)
	for _, p := range regexp.MustCompile(`[ML]`).Split(d[1], -1)[1:] {
		x, y, ok := strings.Cut(p, " ")
		require.True(t, ok)
		var point [2]float64
		for i, text := range []string{x, y} {
			v, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err, "%q", p)
			point[i] = v
		}
		assert.True(t, point[0] >= plotLeft && point[0] <= plotWidth-plotRight, "%v", point)
		assert.True(t, point[1] >= plotTop && point[1] <= plotHeight-plotBottom, "%v", point)
		points = append(points, point)
	}
	return points
}

func plotted(losses ...float64) string {
	c := newLossCurve(losses[0])
	for _, v := range losses[1:] {
		c.add(v)
	}
	return string(c.svg("title", "loss", "epoch", ""))
}

// A plot has all losses where there are few, and says the first, the last and the
// lowest.
func TestPlot(t *testing.T) {
	svg := plotted(0.9, 0.5, 0.25, 0.75)
	points := curveOf(t, svg)
	assert.Len(t, points, 4)
	for i, loss := range []float64{0.9, 0.5, 0.25, 0.75} {
		x := plotLeft + float64(i)/3*(plotWidth-plotLeft-plotRight)
		y := plotHeight - plotBottom - (loss-0.2)/0.8*(plotHeight-plotTop-plotBottom) // from 0.2 to 1
		assert.InDelta(t, x, points[i][0], 0.06)
		assert.InDelta(t, y, points[i][1], 0.06)
	}
	assert.Contains(t, svg, "From 0.9 to 0.75 in 3 epochs")
	assert.Contains(t, svg, "lowest 0.25, after 2")
	assert.NotContains(t, svg, "logarithmic")
	assert.NotContains(t, plotted(3, 2, 1), "lowest")
}

// Over more than a decade the axis is logarithmic, if it can be.
func TestPlotLogarithmic(t *testing.T) {
	svg := plotted(1, 0.1, 0.01)
	assert.Contains(t, svg, ", logarithmic")
	points := curveOf(t, svg)
	assert.InDelta(t, points[1][1]-points[0][1], points[2][1]-points[1][1], 0.11)
	for _, label := range []string{">1</text>", ">0.5</text>", ">0.2</text>", ">0.01</text>"} {
		assert.Contains(t, svg, label)
	}
	for _, losses := range [][]float64{{1, 0}, {1, -1}, {2, 1}} {
		svg := plotted(losses...)
		assert.NotContains(t, svg, "logarithmic")
		curveOf(t, svg)
	}
}

// Whatever the losses, the curve is inside and has numbers.
func TestPlotExtremes(t *testing.T) {
	for _, losses := range [][]float64{
		{1}, {0, 0}, {5, 5, 5}, {1e-300, 1e300}, {5e-324, 1}, {0, 5e-324}, {-1e308, 1e308}, {math.MaxFloat64, 0}, {1, math.Nextafter(1, 2)}, {1e17, 1e17 + 16},
	} {
		svg := plotted(losses...)
		curveOf(t, svg)
		assert.NotContains(t, svg, "NaN", losses)
		assert.NotContains(t, svg, "Inf", losses)
		assert.Less(t, strings.Count(svg, "<text"), 40)
	}
}

// Of long training the curve keeps each peak, in bounded memory.
func TestPlotKeepsPeaks(t *testing.T) {
	const epochs = 200_000
	for _, peak := range []int{1, 12_345, epochs} {
		c := newLossCurve(1)
		for i := 1; i <= epochs; i++ {
			switch i {
			case peak:
				c.add(3)
			case peak / 2:
				c.add(0.5)
			default:
				c.add(1)
			}
		}
		assert.LessOrEqual(t, cap(c.extents), 2*maxExtents)
		high, low := false, false
		last := -1
		points := c.points()
		for _, p := range points {
			high = high || p == epochLoss{peak, 3}
			low = low || p == epochLoss{peak / 2, 0.5}
			assert.Greater(t, p.epoch, last)
			last = p.epoch
		}
		assert.True(t, high, peak)
		assert.True(t, low || peak == 1, peak)
		assert.Equal(t, epochs, last)
		assert.LessOrEqual(t, len(points), 2*maxExtents+1)
		assert.Less(t, len(c.svg("", "", "", "")), 64<<10)
	}
}

// What the command line names is text.
func TestPlotEscapes(t *testing.T) {
	svg := string(newLossCurve(1).svg("<script>\x00\u202e"+strings.Repeat("&", 1000), "<b>", "<i>", "<u>"))
	curveOf(t, svg)
	for _, live := range []string{"<b>", "<i>", "<u>", "\u202e"} {
		assert.NotContains(t, svg, live)
	}
}

func TestTrainPlot(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, stdout, stderr := trainOn("-epochs 20 -plot loss.svg -save model.json")
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "\nplotted loss.svg\n")
	svg, err := os.ReadFile("loss.svg")
	require.NoError(t, err)
	assert.Len(t, curveOf(t, string(svg)), 21)
	last := regexp.MustCompile(`epoch 20/20  loss (\d\.\d{4})`).FindStringSubmatch(stdout)
	require.NotNil(t, last)
	said := regexp.MustCompile(`From \S+ to (\S+) in 20 epochs<`).FindStringSubmatch(string(svg))
	require.NotNil(t, said)
	a, err := strconv.ParseFloat(last[1], 64)
	require.NoError(t, err)
	b, err := strconv.ParseFloat(said[1], 64)
	require.NoError(t, err)
	assert.InDelta(t, a, b, 1e-4)
	assert.Contains(t, string(svg), "epoch, a pass over 12 rows")
	assert.Equal(t, []string{"data.csv", "loss.svg", "model.json"}, files(t))
}

// Of training that diverges, the plot shows how.
func TestTrainPlotDiverges(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, stdout, stderr := trainOn("-activation relu -rate 1e200 -plot loss.svg -save model.json")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "training diverged")
	assert.Contains(t, stdout, "plotted loss.svg")
	svg, err := os.ReadFile("loss.svg")
	require.NoError(t, err)
	curveOf(t, string(svg))
	assert.Regexp(t, `; diverged in epoch \d+<`, string(svg))
	assert.Equal(t, []string{"data.csv", "loss.svg"}, files(t))
}

func TestTrainPlotRefuses(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	for _, p := range []struct {
		flags, want string
		code        int
	}{
		{"-plot data.csv", "train: -plot would overwrite -data; see touchstone help train", 2},
		{"-plot out -save out", "train: -plot would overwrite -save; see touchstone help train", 2},
		{"-plot missing/loss.svg", "cannot save missing/loss.svg: no such file or directory", 3},
	} {
		code, stdout, stderr := trainOn(p.flags)
		assert.Equal(t, p.code, code)
		assert.Empty(t, stdout)
		assert.Equal(t, "touchstone: "+p.want+"\n", stderr)
		assert.Equal(t, []string{"data.csv"}, files(t))
	}
}
